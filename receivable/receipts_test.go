package receivable_test

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate/estatetest"
	"estateledger/postgres"
	"estateledger/receivable"
)

type receiptRow struct {
	Prefix     string     `db:"prefix"`
	Number     int        `db:"number"`
	LastNumber int        `db:"last_number"`
	SubjectID  int64      `db:"subject_id"`
	IssuedOn   civil.Date `db:"issued_on"`
}

func (d *desk) receipts() (rows []receiptRow) {
	d.t.Helper()
	d.sql(func(ctx context.Context, r postgres.Reader) error {
		return r.Select(ctx, &rows, testQueries.Get("receipts_of_book"), map[string]any{"district": d.District, "book": d.book})
	})
	return rows
}

func (d *desk) receipt(payment int64) (file receivable.ReceiptFile) {
	d.t.Helper()
	d.view(d.cashier, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
		file, err = receivable.ReceiptOf(ctx, r, s, payment)
		return err
	})
	return file
}

// Fifteen payments at each of two counters at once, refused ones among them.
func TestReceiptNumbersHaveNoGaps(t *testing.T) {
	d := newDesk(t)
	d.bill("2026-05")
	second, err := receivable.OpenCounter(context.Background(), d.Gate, d.manager, d.District, estatetest.Key(),
		receivable.OpenCounterRequest{EstateNode: d.node, Code: fmt.Sprintf("G%d-02", d.estate), Name: "二号柜台"})
	d.must(err)
	counters := []int64{d.counter, second.Result.CounterID}
	refusals := 0
	for i, err := range inParallel(40, func(i int) error {
		req := d.request(d.units[i%3], fmt.Sprintf("%d.00", 1+i%7))
		req.CounterID = counters[i%2]
		if i >= 30 {
			req.First = []receivable.ChargeID{999999}
		}
		_, err := d.take(req)
		return err
	}) {
		if i < 30 {
			d.must(err)
			continue
		}
		refused(t, err, "receivable.charge_not_open", "first")
		refusals++
	}
	same(t, "refusals among them", refusals, 10)
	next := map[string]int{}
	for _, row := range d.receipts() {
		next[row.Prefix]++
		same(t, "number in "+row.Prefix, row.Number, next[row.Prefix])
		same(t, "last number of "+row.Prefix, row.LastNumber, 15)
	}
	same(t, "first counter", next[fmt.Sprintf("E%d-01-2026", d.estate)], 15)
	same(t, "second counter", next[fmt.Sprintf("G%d-02-2026", d.estate)], 15)
}

func TestEachYearHasItsSeries(t *testing.T) {
	d := newDesk(t)
	d.Clock.SetDay(day("2026-12-31"))
	same(t, "last of the year", d.pay(d.units[0], "1.00").Result.ReceiptNo, fmt.Sprintf("E%d-01-2026-000001", d.estate))
	d.Clock.SetDay(day("2027-01-01"))
	late := d.request(d.units[0], "2.00")
	late.BusinessDate = day("2026-12-31") // the money came yesterday, the receipt is written today
	out, err := d.take(late)
	d.must(err)
	same(t, "first of the next", out.Result.ReceiptNo, fmt.Sprintf("E%d-01-2027-000001", d.estate))
	same(t, "second of the next", d.pay(d.units[1], "3.00").Result.ReceiptNo, fmt.Sprintf("E%d-01-2027-000002", d.estate))
}

func TestAReceiptSaysWhatItSettled(t *testing.T) {
	d := newDesk(t)
	d.bill("2026-04", "2026-05")
	req := d.request(d.units[2], "120.00")
	req.Payer, req.Channel, req.BusinessDate = "张小䶮", receivable.ByWechat, day("2026-06-18")
	out, err := d.take(req)
	d.must(err)
	file := d.receipt(out.Result.PaymentID)
	same(t, "number", file.ReceiptNo, out.Result.ReceiptNo)
	same(t, "in capitals", file.Capitals, "壹佰贰拾元整")
	same(t, "owners", file.Owners, "张䶮")
	same(t, "issuer and estate", file.Issuer+" "+file.EstateName+" "+file.UnitCode, "惠民物业 "+d.name+" 9-1-101")
	same(t, "days", file.IssuedOn.String()+" "+file.BusinessDate.String(), "2026-06-20 2026-06-18")
	same(t, "cashier", file.TakenBy, "收费员")
	same(t, "parts", len(file.Parts), 2)
	p := file.Parts[0]
	same(t, "first part", p.SegmentStart.String()+" "+p.Quantity.String()+" "+p.UnitPrice.String()+" "+p.Amount.String(), "2026-04-01 88.12 0.65 57.28")
	same(t, "prepaid", file.Prepaid.String(), "5.44")
	text := pdfText(t, file)
	for _, word := range []string{"壹佰贰拾元整", "张䶮", "张小䶮", file.ReceiptNo, "2026-04", "57.28", "预存", "5.44", "微信"} {
		holdsWord(t, text, word)
	}
	if strings.Contains(text, "已冲回") {
		t.Error("a standing receipt says that it is reversed")
	}
	d.reverse(out.Result.PaymentID)
	file = d.receipt(out.Result.PaymentID)
	same(t, "reversed", file.ReversedOn.String()+" "+file.ReversalReason, "2026-06-20 收错了房号")
	same(t, "parts stay", len(file.Parts), 2)
	text = pdfText(t, file)
	holdsWord(t, text, "已冲回")
	holdsWord(t, text, "收错了房号")
}

// pdfText is the text of the receipt's PDF as a reader gets it.
func pdfText(t *testing.T, file receivable.ReceiptFile) string {
	t.Helper()
	var pdf bytes.Buffer
	if err := receivable.WriteReceipt(&pdf, file); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(pdf.Bytes(), []byte("%PDF-")) {
		t.Fatalf("no PDF: %.20q", pdf.String())
	}
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Log("pdftotext is not installed: only the file's kind was looked at")
		return ""
	}
	cmd := exec.Command(tool, "-layout", "-", "-")
	cmd.Stdin = &pdf
	text, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(text)), " ")
}

func holdsWord(t *testing.T, text, word string) {
	t.Helper()
	if text != "" && !strings.Contains(text, word) {
		t.Errorf("the receipt lacks %s: %s", word, text)
	}
}

func TestAMissingCharacterIsAnError(t *testing.T) {
	d := newDesk(t)
	file := d.receipt(d.pay(d.units[0], "1.00").Result.PaymentID)
	file.Owners = "王\U0001F600"
	if err := receivable.WriteReceipt(&bytes.Buffer{}, file); err == nil {
		t.Error("a receipt with a gap in the owner's name was written")
	}
}

func TestReceiptsAreListedNewestFirstByPages(t *testing.T) {
	d := newDesk(t)
	var payments []int64
	for _, on := range []string{"2026-05-31", "2026-06-01", "2026-06-10", "2026-06-20"} {
		req := d.request(d.units[0], "1.00")
		req.BusinessDate = day(on)
		out, err := d.take(req)
		d.must(err)
		payments = append(payments, out.Result.PaymentID)
	}
	june := receivable.ReceiptFilter{EstateNode: d.node, Period: month("2026-06").Period(), Limit: 2}
	page := func(f receivable.ReceiptFilter) (list []receivable.Receipt) {
		d.view(d.cashier, func(ctx context.Context, r postgres.Reader, s access.Scope) (err error) {
			list, err = receivable.Receipts(ctx, r, s, f)
			return err
		})
		return list
	}
	first := page(june)
	same(t, "first page", len(first) == 2 && first[0].PaymentID == payments[3] && first[1].PaymentID == payments[2], true)
	june.Before = first[1].PaymentID
	second := page(june)
	same(t, "second page", len(second) == 1 && second[0].PaymentID == payments[1], true)
}

func TestDayTakingsTellReversedMoneyApart(t *testing.T) {
	d := newDesk(t)
	d.pay(d.units[0], "10.00")
	wrong := d.pay(d.units[1], "7.00")
	req := d.request(d.units[2], "5.00")
	req.Channel = receivable.ByAlipay
	_, err := d.take(req)
	d.must(err)
	d.reverse(wrong.Result.PaymentID)
	var lines []string
	d.view(d.accountant, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		takings, err := receivable.DayTakings(ctx, r, s, d.node, d.Clock.Today())
		for _, k := range takings {
			lines = append(lines, fmt.Sprintf("%s %s %d %s %s", k.TakenBy, k.Channel, k.Payments, k.Amount, k.Reversed))
		}
		return err
	})
	same(t, "takings", strings.Join(lines, "; "), "收费员 alipay 1 5.00 0.00; 收费员 cash 2 17.00 7.00")
}
