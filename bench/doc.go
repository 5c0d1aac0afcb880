// Package bench measures the product against the limit of the machine it runs
// on: the same program, database and moment, so that only ratios count.
//
// It starts a PostgreSQL of its own with durable defaults, fills it by a
// fixture, and takes turns: a round of the product, a round of the limit. What
// is quoted is the median of the rounds' ratios. docs/performance.md has the
// method in words, the figures and what they are worth.
package bench
