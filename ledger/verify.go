package ledger

import (
	"context"
	"fmt"
	"time"

	"estateledger/postgres"
)

// Finding is one difference that verify found. Check and Title name the
// consistency query; Subject is what it is about, Expected what it should be,
// Found what it is, all in words for users.
type Finding struct {
	Check    string `json:"check"`
	Title    string `json:"title"`
	District int64  `json:"district_id,string"`
	Subject  string `json:"subject"`
	Expected string `json:"expected"`
	Found    string `json:"found"`
}

const (
	// verifyDeadline bounds a verification whose context has no deadline.
	verifyDeadline = time.Hour
	// verifyKept is how many differences of one check are listed; the rest is
	// counted, so that a broken table does not fill the memory.
	verifyKept = 1000
)

// Verify derives again, from the entries and documents of all districts, what
// is stored beside them, and answers each difference: none when all is well. All
// checks (migrations/consistency) see one snapshot; postings go on meanwhile.
func Verify(ctx context.Context, db *postgres.DB) ([]Finding, error) {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, verifyDeadline)
		defer cancel()
	}
	var findings []Finding
	err := db.Read(ctx, func(r postgres.Reader) error {
		findings = nil
		var settings string
		if err := r.Get(ctx, &settings, queries.Get("verify_settings"), nil); err != nil {
			return err
		}
		for _, check := range postgres.ConsistencyQueries() {
			found, err := verifyOne(ctx, r, check)
			if err != nil {
				return fmt.Errorf("%s: %w", check.Name, err)
			}
			findings = append(findings, found...)
		}
		return nil
	})
	return findings, err
}

func verifyOne(ctx context.Context, r postgres.Reader, check postgres.Consistency) ([]Finding, error) {
	var findings []Finding
	more := 0
	err := r.Each(ctx, check.Query, nil, func(scan func(dest ...any) error) error {
		if len(findings) == verifyKept {
			more++
			return nil
		}
		f := Finding{Check: check.Name, Title: check.Title}
		if err := scan(&f.District, &f.Subject, &f.Expected, &f.Found); err != nil {
			return err
		}
		findings = append(findings, f)
		return nil
	})
	if more > 0 {
		findings = append(findings, Finding{Check: check.Name, Title: check.Title,
			Subject: "其余同类差异", Expected: "0 处", Found: fmt.Sprintf("%d 处，未逐一列出", more)})
	}
	return findings, err
}
