package main

import (
	"bytes"
	"strings"
	"testing"

	"estateledger/ledger"
	"estateledger/postgres"
)

func TestVerifyPrintsEveryCheckAndCountsDifferences(t *testing.T) {
	checks := postgres.ConsistencyQueries()
	var out bytes.Buffer
	if err := reportFindings(&out, nil); err != nil {
		t.Errorf("nothing was found, and yet: %v", err)
	}
	for _, c := range checks {
		if !strings.Contains(out.String(), "正常  没有“"+c.Title+"”") {
			t.Errorf("%s is not printed:\n%s", c.Name, out.String())
		}
	}
	out.Reset()
	err := reportFindings(&out, []ledger.Finding{{Check: checks[3].Name, Title: checks[3].Title, District: 7, Subject: "科目 12", Expected: "借 1.00", Found: "借 2.00"}})
	if err == nil || !strings.Contains(err.Error(), "1 处差异") {
		t.Errorf("a difference ends with %v", err)
	}
	for _, want := range []string{"差异  " + checks[3].Title + "（1 处）", "区 7，科目 12：应为 借 1.00；实为 借 2.00", "正常  没有“" + checks[4].Title} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "没有“"+checks[3].Title) {
		t.Errorf("the check with a difference is called well:\n%s", out.String())
	}
}
