// Package laws holds what must be true of the whole repository and of the whole
// database, as tests and nothing else: which room may import which, where SQL
// stands and whose tables it names, how keys are made, who may write how, that
// no query shows one tenant's rows to another, and that verify names every
// corruption. Each law is a function over its input and has a small bad input
// that turns it red.
package laws
