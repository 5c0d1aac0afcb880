// Package access decides who may do what, where, and owns the one way to
// write: every business fact is changed inside an Act, which checks permission
// and scope, runs the use case in one transaction and leaves one row that is
// audit entry and idempotency record in one.
//
// Its words: a scope node is a place in the tree district → sub-district →
// community → estate (and company → estate); an edge says from when to when a
// node hangs under another; a membership gives a user a role at a node. A role
// is a set of permissions (fn_access.sql).
//
// Its invariants: an act row is never changed; one key names one request for
// ever; a refused request leaves nothing behind and does not use up its key.
package access
