package screens

import (
	"strconv"

	"github.com/shopspring/decimal"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/fault"
	"estateledger/ledger/money"
	"estateledger/server/pages"
	"estateledger/server/web"
)

// longestContract bounds what a contract form takes, in months.
const longestContract = 240

// generalVAT is the rate of services by a general taxpayer; another one is set in
// the estate's file.
var generalVAT = decimal.New(6, -2)

func (d *desk) showTakeover(q *web.Request) error {
	today := d.gate.Clock.Today()
	form := pages.TakeoverForm{Entry: today.String(), From: today.String(), CutOver: today.Month().First().String(), Months: "36",
		StartRule: string(estate.Daily), DueDay: "0"}
	if cutOver, _ := civil.ParseDate(form.CutOver); cutOver.Before(today) {
		form.CutOver = today.String()
	}
	view, err := d.takeoverView(q, form, nil)
	if err != nil {
		return err
	}
	return d.show(q, view)
}

func (d *desk) takeoverView(q *web.Request, form pages.TakeoverForm, problems pages.Problems) (pages.TakeoverView, error) {
	file, err := d.fileOf(q, civil.Date{})
	if err != nil {
		return pages.TakeoverView{}, err
	}
	companies, err := d.register.Companies(q.UserContext(), q.Actor(), q.District)
	if err != nil {
		return pages.TakeoverView{}, err
	}
	view := pages.TakeoverView{EstateHead: head(file), Form: form, Problems: problems}
	for _, c := range companies {
		view.Companies = append(view.Companies, pages.Option{Value: idText(c.CompanyID), Label: c.Name})
	}
	for _, item := range estate.ChecklistItems {
		view.Items = append(view.Items, pages.ChecklistItem{Code: item.Code, Name: item.Name})
	}
	return view, nil
}

// takeoverSteps are the three acts of a takeover form: who entered, under which
// contract, at which price. Each has a key of its own, made from the form's. A
// rate without an estate is none.
type takeoverSteps struct {
	takeover estate.RecordTakeover
	contract estate.RecordServiceContract
	rate     billing.RateRequest
}

// readTakeover turns the form into its acts and says everything that is wrong
// with it before any of them is done.
func readTakeover(q *web.Request, form pages.TakeoverForm) (takeoverSteps, error) {
	var f web.Fields
	f.Need("entry_date", form.Entry, "进驻日")
	f.Need("contract_from", form.From, "合同起日")
	f.Need("contract_months", form.Months, "合同期限")
	var s takeoverSteps
	s.takeover = estate.RecordTakeover{District: q.District, EstateID: q.ID, CompanyID: f.ID("company", form.Company),
		EntryDate: f.Date("entry_date", form.Entry), CutOverDate: f.Date("cut_over_date", form.CutOver), Paper: form.Paper}
	for i, item := range form.Items {
		s.takeover.Items = append(s.takeover.Items, estate.ItemNote{Item: item, Status: estate.ItemStatus(form.Status(i)), Note: form.Note(i)})
	}
	from, months := f.Date("contract_from", form.From), f.Count("contract_months", form.Months, 1, longestContract)
	due, err := strconv.Atoi(form.DueDay)
	if err != nil {
		due = -1 // the use case says what it may be
	}
	s.contract = estate.RecordServiceContract{District: q.District, EstateID: q.ID, ValidFrom: from, FeeStartRule: estate.FeeStartRule(form.StartRule),
		DueDay: due, Paper: form.Contract}
	if !from.IsZero() && months > 0 {
		s.contract.ValidTo = civil.ServiceWindow(from, months).To
	}
	if q.Can("rate_save") { // a street records takeovers and sets no prices
		f.Need("rate_basis", form.RateBasis, "单价依据")
		s.rate = billing.RateRequest{Estate: q.ID, Use: estate.Residential, ValidFrom: from, Rate: decimalField(&f, "rate", form.Rate, "单价"),
			VATRate: generalVAT, Rounding: money.FenHalfUp, Basis: form.RateBasis}
	}
	if err := f.Err(); err != nil {
		return s, err
	}
	switch {
	case s.rate.Estate != 0 && (s.rate.Rate.Sign() <= 0 || s.rate.Rate.GreaterThan(billing.MaxRate)):
		return s, fault.Invalid("server.rate_absurd", "单价要大于 0、不超过 "+billing.MaxRate.String()+" 元/㎡·月，是不是小数点点错了？").At("rate")
	case from.Before(s.takeover.EntryDate):
		return s, fault.Invalid("server.contract_early", "合同起日不能早于进驻日。").At("contract_from")
	}
	return s, nil
}

func (d *desk) recordTakeover(q *web.Request) error {
	var form pages.TakeoverForm
	if err := q.BodyParser(&form); err != nil {
		return badForm(err)
	}
	steps, err := readTakeover(q, form)
	var done estate.TakeoverRecorded
	if err == nil {
		done, err = d.takeOver(q, steps)
	}
	if err == nil {
		n := pages.Notice{Tone: pages.Good, Strong: "接管已登记，进驻日 " + steps.takeover.EntryDate.String() + "。", Text: "资料齐全。下一步可以出账。"}
		if done.MissingItems > 0 {
			n.Text = "交接资料缺 " + strconv.Itoa(done.MissingItems) + " 项，收到后在这里补。"
		}
		return d.done(q, n, "estate", q.ID)
	}
	return d.again(q, err, func(p pages.Problems) (pages.View, error) { return d.takeoverView(q, form, p) })
}

// takeOver does the three acts one after the other. When a later one is refused
// the earlier stand, and sending the corrected form goes on from there: a
// takeover that is recorded already, by the same company on the same day, is not
// recorded again.
func (d *desk) takeOver(q *web.Request, s takeoverSteps) (estate.TakeoverRecorded, error) {
	file, err := d.fileOf(q, civil.Date{})
	if err != nil {
		return estate.TakeoverRecorded{}, err
	}
	var done access.Outcome[estate.TakeoverRecorded]
	if n := len(file.Takeovers); n == 0 || file.Takeovers[0].CompanyID != s.takeover.CompanyID || file.Takeovers[0].EntryDate != s.takeover.EntryDate {
		if done, err = d.register.RecordTakeover(q.UserContext(), q.Actor(), q.Key()+".takeover", s.takeover); err != nil {
			return done.Result, renamed(err, map[string]string{"company_id": "company"})
		}
	} else if t := file.Takeover; t != nil {
		for _, item := range t.Items {
			if item.Status == estate.Missing {
				done.Result.MissingItems++
			}
		}
	}
	if _, err = d.register.RecordServiceContract(q.UserContext(), q.Actor(), q.Key()+".contract", s.contract); err != nil {
		return done.Result, renamed(err, map[string]string{"valid_from": "contract_from", "valid_to": "contract_months", "paper": "contract_paper"})
	}
	if s.rate.Estate == 0 {
		return done.Result, nil
	}
	_, err = billing.SetRate(q.UserContext(), d.gate, q.Actor(), q.District, q.Key()+".rate", s.rate)
	return done.Result, renamed(err, map[string]string{"basis": "rate_basis", "valid_from": "contract_from"})
}
