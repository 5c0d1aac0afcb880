package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"estateledger/ledger"
	"estateledger/postgres"
)

// verify derives every balance and total again from entries and documents and ends with 1 when one differs.
func verify(ctx context.Context, s settings, args []string) (err error) {
	if err := noArguments(args); err != nil {
		return err
	}
	db, err := connectBeside(ctx, os.Stdout, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := postgres.CheckSchema(ctx, db.App); err != nil {
		return err
	}
	var findings []ledger.Finding
	err = stage(os.Stdout, "核对全部账目", func() (err error) {
		findings, err = ledger.Verify(ctx, db.App)
		return err
	})
	if err != nil {
		return err
	}
	return reportFindings(os.Stdout, findings)
}

// reportFindings prints each check and its differences; the error counts them.
func reportFindings(out io.Writer, findings []ledger.Finding) error {
	byCheck := map[string][]ledger.Finding{}
	for _, f := range findings {
		byCheck[f.Check] = append(byCheck[f.Check], f)
	}
	for _, check := range postgres.ConsistencyQueries() {
		differences := byCheck[check.Name]
		if len(differences) == 0 {
			fmt.Fprintf(out, "正常  没有“%s”\n", check.Title)
			continue
		}
		fmt.Fprintf(out, "差异  %s（%d 处）\n", check.Title, len(differences))
		for _, d := range differences {
			fmt.Fprintf(out, "      区 %d，%s：应为 %s；实为 %s\n", d.District, d.Subject, d.Expected, d.Found)
		}
	}
	if len(findings) > 0 {
		return fmt.Errorf("核对发现 %d 处差异", len(findings))
	}
	fmt.Fprintln(out, "核对完毕，没有差异")
	return nil
}
