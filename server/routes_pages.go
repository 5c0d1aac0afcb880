package server

import (
	"fmt"

	"estateledger/access"
	"estateledger/server/pages"
	"estateledger/server/web"
)

// pageGates says for every page and form of pages.Routes, by name, who may and
// where that is asked. A page without a row, or a row without a page, stops the
// program at its start.
var pageGates = map[string]web.Route{
	"login":    {Place: web.Public},
	"login_do": {Place: web.Public, Keyless: true},
	"logout":   {Place: web.Self, Keyless: true},
	"home":     {Place: web.Member},
	"look":     {Place: web.Public},
	"search":   {Place: web.Somewhere, Permission: access.RegisterRead},
	"suggest":  {Place: web.Somewhere, Permission: access.RegisterRead},

	"estates":        {Place: web.Somewhere, Permission: access.EstateRead},
	"estate":         {Place: web.Estate, Permission: access.EstateRead},
	"estate_units":   {Place: web.Estate, Permission: access.RegisterRead},
	"estate_fees":    {Place: web.Estate, Permission: access.EstateRead},
	"estate_acts":    {Place: web.Estate, Permission: access.AuditRead},
	"rate_save":      {Place: web.Estate, Permission: access.RatesSet},
	"takeover":       {Place: web.Estate, Permission: access.EstateRead},
	"takeover_do":    {Place: web.Estate, Permission: access.TakeoverRecord},
	"checklist_save": {Place: web.Estate, Permission: access.TakeoverRecord},

	"unit":           {Place: web.Unit, Permission: access.RegisterRead},
	"unit_statement": {Place: web.Unit, Permission: access.ReceivableRead},
	"area_save":      {Place: web.Unit, Permission: access.RegisterWrite},
	"owner_save":     {Place: web.Unit, Permission: access.RegisterWrite},
	"occupant_save":  {Place: web.Unit, Permission: access.RegisterWrite},

	"import":          {Place: web.Somewhere, Permission: access.RegisterImport},
	"import_upload":   {Place: web.Somewhere, Permission: access.RegisterImport},
	"import_template": {Place: web.Somewhere, Permission: access.RegisterImport},
	"import_check":    {Place: web.Somewhere, Permission: access.RegisterImport, Slow: true},
	"import_confirm":  {Place: web.Somewhere, Permission: access.RegisterImport, Slow: true},

	"runs":         {Place: web.Somewhere, Permission: access.BillDraft},
	"run_preview":  {Place: web.Somewhere, Permission: access.BillDraft},
	"run_draft":    {Place: web.Somewhere, Permission: access.BillDraft},
	"run":          {Place: web.Run, Permission: access.BillDraft},
	"run_exclude":  {Place: web.Run, Permission: access.BillDraft},
	"run_publish":  {Place: web.Run, Permission: access.BillPublish},
	"run_discard":  {Place: web.Run, Permission: access.BillDraft},
	"run_withdraw": {Place: web.Run, Permission: access.BillWithdraw},

	"counter":         {Place: web.Somewhere, Permission: access.PaymentTake},
	"counter_preview": {Place: web.Somewhere, Permission: access.PaymentTake, Keyless: true},
	"counter_pay":     {Place: web.Somewhere, Permission: access.PaymentTake},
	"receipts":        {Place: web.Somewhere, Permission: access.ReceivableRead},
	"receipts_export": {Place: web.Somewhere, Permission: access.ReceivableRead},
	"payment":         {Place: web.Payment, Permission: access.ReceivableRead},
	"receipt_pdf":     {Place: web.Payment, Permission: access.ReceivableRead},
	"payment_reverse": {Place: web.Payment, Permission: access.PaymentReverse},
	"arrears":         {Place: web.Somewhere, Permission: access.ReceivableRead},
	"arrears_export":  {Place: web.Somewhere, Permission: access.ReceivableRead},

	"journal":              {Place: web.Somewhere, Permission: access.BooksRead},
	"journal_export":       {Place: web.Somewhere, Permission: access.BooksRead},
	"entry":                {Place: web.Entry, Permission: access.BooksRead},
	"act":                  {Place: web.Act, Permission: access.AuditRead},
	"trial_balance":        {Place: web.Somewhere, Permission: access.BooksRead},
	"trial_balance_export": {Place: web.Somewhere, Permission: access.BooksRead},
	"account":              {Place: web.Account, Permission: access.BooksRead},
	"periods":              {Place: web.Somewhere, Permission: access.BooksRead},
	"period_close":         {Place: web.Somewhere, Permission: access.PeriodClose},
	"period_reopen":        {Place: web.Somewhere, Permission: access.PeriodReopen},
	"voucher":              {Place: web.Somewhere, Permission: access.VoucherPost},
	"voucher_save":         {Place: web.Somewhere, Permission: access.VoucherPost},

	"users":           {Place: web.Somewhere, Permission: access.UsersManage},
	"user_save":       {Place: web.Somewhere, Permission: access.UsersManage},
	"user_disable":    {Place: web.Somewhere, Permission: access.UsersManage},
	"user_enable":     {Place: web.Somewhere, Permission: access.UsersManage},
	"user_password":   {Place: web.Somewhere, Permission: access.UsersManage},
	"membership_save": {Place: web.Somewhere, Permission: access.UsersManage},
	"membership_end":  {Place: web.Somewhere, Permission: access.UsersManage},
	"jobs":            {Place: web.Member},
	"job":             {Place: web.Member},
}

// pageRoutes are the pages with their gates, in the order of pages.Routes.
var pageRoutes = func() []web.Route {
	routes := make([]web.Route, 0, len(pages.Routes))
	for _, p := range pages.Routes {
		r, known := pageGates[p.Name]
		if !known {
			panic(fmt.Sprintf("server: page %q has no gate", p.Name))
		}
		r.Name, r.Method, r.Path = p.Name, p.Method, p.Path
		routes = append(routes, r)
	}
	if len(routes) != len(pageGates) {
		panic("server: a gate has no page")
	}
	return routes
}()
