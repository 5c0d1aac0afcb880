package postgres

// Housekeeping lists what may be written outside access.Act, and why it is no
// business fact. ARCHITECTURE repeats the list and a test holds the two equal.
var Housekeeping = map[string]string{
	"session":       "login sessions: made, prolonged and ended by the login itself",
	"login_attempt": "failed logins, counted to slow down guessing; no actor is known yet",
	"job":           "fire times, leases and attempts of the scheduler",
	"progress":      "how far a long run has come, shown while it runs",
	"outbox":        "delivery state of messages whose content an act has written",
	"partition":     "next year's empty partitions",
	"installation":  "the first row of an empty database: demo or not, and its system user",
	"upload":        "files between their dry run and their import, and their removal",
	"ledger_tail":   "numbering and rolling up of entries that are already written",
}
