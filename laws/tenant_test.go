package laws

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
	"estateledger/demo"
	"estateledger/estate"
	"estateledger/jobs"
	"estateledger/ledger"
	"estateledger/postgres"
	"estateledger/receivable"
	"estateledger/server"
)

// roomQueries are the named queries of every room that has any. A room with SQL
// that is missing here turns TestNoQueryShowsAnotherTenant red.
var roomQueries = map[string][]postgres.Query{
	"access": access.Queries(), "estate": estate.Queries(), "ledger": ledger.Queries(), "receivable": receivable.Queries(),
	"billing": billing.Queries(), "jobs": jobs.Queries(), "server": server.Queries(), "demo": demo.Queries(),
}

// sources are what stands at {{source}} in a query that reads.
var sources = map[string]string{
	"billing.preview_figures": "billing.run_segments", "billing.preview_by_use": "billing.run_segments",
	"billing.preview_lines": "billing.run_segments", "billing.bridge": "billing.run_segments",
	"receivable.overdue_page": "receivable.overdue", "receivable.overdue_groups": "receivable.overdue",
}

// whole is a query with what stands in it.
func whole(name string, q postgres.Query) postgres.Query {
	folder, source, inside := strings.Cut(sources[name], ".")
	if !inside {
		return q
	}
	i := slices.IndexFunc(roomQueries[folder], func(other postgres.Query) bool { return other.Name() == source })
	return q.Around(roomQueries[folder][i])
}

// Why a query may be run without naming an actor. inAct is checked: such a
// query is only used where a postgres.Tx is at hand.
const (
	inAct   = "inside an act, after its permission has been checked"
	place   = "says where a thing stands, for the act's scope or the next query's: ids, no figures and no names of people"
	part    = "stands at {{source}} of another query: one that asks for the actor, or a write"
	login   = "before anybody is logged in, or of the session's own user"
	private = "housekeeping, a setting or an id, no row of a tenant"
)

// withoutActor are the reading queries that take no actor, by reason.
var withoutActor = map[string][]string{
	inAct: words(`access.lock_user access.membership access.memberships_of_user access.has_membership access.system_user
		estate.lock_register
		ledger.legal_owner_of ledger.bank_account_named ledger.book_at ledger.posting_date ledger.hold_period ledger.post ledger.hold_act
		ledger.reverse ledger.entries_of_source ledger.lock_period ledger.closed_through ledger.last_event ledger.first_open_with_entries
		ledger.month_totals
		receivable.lock_run_charges receivable.lock_charge receivable.paid_charges receivable.live_allocations receivable.allocations_of_payment
		receivable.applications_newest_first receivable.lock_charges receivable.lock_subject_charges receivable.prepayment_balance
		receivable.lock_payment receivable.lock_debts receivable.counter_owner receivable.published receivable.charge_entries receivable.subjects_with_prepayment
		receivable.lock_open_charges receivable.applied_entries receivable.applied_totals
		billing.lock_estate billing.due_date billing.run_figures billing.new_run_id billing.unit_in_estate`),
	place: words(`ledger.book_node ledger.account_ids receivable.charge_place receivable.payment_to_reverse receivable.counter_place
		receivable.company_book billing.run billing.estate_place billing.open_draft
		receivable.first_counter`),
	part:  words(`billing.run_segments`),
	login: words(`access.failures access.lock_login access.memberships_now access.session_by_token access.user_by_login`),
	private: words(`access.installation_demo access.new_plot access.role_permissions estate.next_ids ledger.after_restore
		ledger.districts_with_books ledger.roll ledger.verify_settings jobs.tickers demo.finished receivable.pay`),
}

// ownToo are queries with an actor that answer more than his scope, and why.
var ownToo = map[string]string{
	"access.begin_act":           "opens the act: answers whether the actor may, and the stored answer of the key he names",
	"access.covers":              "answers whether the actor may, at the node he names",
	"estate.districts":           "answers the names of the districts in which the actor has anything",
	"estate.district_by_id":      "answers the name of a district in which the actor has anything",
	"estate.sub_district_named":  "finds a street by its name for whoever may import: a place, no people",
	"estate.community_named":     "finds a community by its name for whoever may import: a place, no people",
	"receivable.settle_shown":    "answers a hash: to who may not, of the sum he asks about and of no charge",
	"estate.persons_by_document": "a person is one in the whole district, so whoever registers owners finds him by the hash of his document",
}

// parameters are the values by name, those of the tenant here; a query with a
// name that is not in the list fails the test, so that nobody forgets it.
func (w *world) parameters() map[string]any {
	d := &w.here
	april := civil.MonthOf(2026, 4)
	return map[string]any{
		"district": d.id, "today": w.clock.Today(), "on": w.clock.Today(), "limit": 100,
		"node": d.place, "estate": d.estateID, "community": d.community, "sub_district": d.subDistrict, "company": d.companyID,
		"unit": d.units[2], "units": d.units, "subject": d.units[1], "ids": d.units, "estates": []int64{d.estateID}, "person": d.person,
		"takeover": d.takeover, "book": d.book, "account": d.receivable, "dimension": int64(0), "counter": d.counter,
		"charge": d.charge, "payment": d.payment, "voucher": d.voucher, "run": d.run, "act": d.act, "entry": d.entry,
		"user": d.lone.UserID, "membership": d.loneMember, "file": d.file, "progress": d.progress, "permission": string(access.RegisterRead),
		"from": january.First(), "to": april.Last(), "month": april, "item": int16(1), "published_on": w.clock.Today(),
		"name": "北街", "text": "", "phone": "13900000000", "room": "101", "building": "", "stair": "", "code": "", "hashes": []string{hashOf("王7")},
		"incomplete": false, "overdue_only": false, "discarded": true,
		"after": int64(0), "after_id": int64(0), "after_unit": int64(0), "after_open": "0", "after_name": "", "after_date": civil.On(1900, 1, 1),
		"after_entry": int64(0), "before_act": int64(0), "before_payment": int64(0), "source_kind": int16(0), "source": int64(0),
		"channel": "", "amount": "10.00", "first": []int64{}, "age": 0, "after_estate": int64(0), "after_key": "", "by_building": true,
		"gap": "", "until": april.Add(1).First(), "key": "laws-begin-act", "now": "", "kinds": []int64{1}, "since": time.Unix(0, 0),
	}
}

// special are values for one query alone.
func (w *world) special() map[string]map[string]any {
	d := &w.here
	return map[string]map[string]any{
		"estate.community_named":        {"name": "安和"},
		"estate.district_by_code":       {"code": fmt.Sprintf("%d区", d.id)},
		"estate.occupants":              {"unit": d.units[7]},
		"estate.person_in_scope":        {"unit": d.units[7]},
		"billing.runs":                  {"month": february},
		"ledger.journal":                {"act": int64(0)},
		"receivable.collection_months":  {"month": january},
		"receivable.prepayments_of":     {"subject": d.units[2]},
		"ledger.entries_of_act":         {"act": d.payAct},
		"receivable.unit_named":         {"code": "1-1-101"},
		"receivable.words_of_documents": {"ids": []int64{d.charge}},
		"receivable.day_takings":        {"on": civil.On(2026, 2, 3)},
		"server.node_of_estate":         {"id": d.estateID},
		"server.node_of_unit":           {"id": d.units[0]},
		"server.node_of_run":            {"id": d.run},
		"server.node_of_book":           {"id": d.book},
		"server.node_of_account":        {"id": d.receivable},
		"server.node_of_entry":          {"id": d.entry},
		"server.node_of_payment":        {"id": d.payment},
		"server.node_of_act":            {"id": d.act},
		"server.node_of_charge":         {"id": d.charge},
		"server.node_of_voucher":        {"id": d.voucher},
	}
}

func hashOf(name string) string { return fmt.Sprintf("%x", name) }

// reads says that a query writes nothing itself.
func reads(q postgres.Query) bool {
	return !slices.ContainsFunc(usesOf(q.Text()), func(u use) bool { return u.verb != "read" && u.verb != "call" })
}

var errUndo = errors.New("undone on purpose")

// answer runs a query with the values and gives its rows as JSON objects. It is
// undone, whatever functions it calls.
func (w *world) answer(t *testing.T, name string, q postgres.Query, values map[string]any) []map[string]any {
	t.Helper()
	q = worldQueries.Get("as_json").Around(q)
	for _, p := range q.Params() {
		if _, known := values[p]; !known {
			t.Fatalf("%s takes :%s, which parameters() does not know: give it a value of the tenant here", name, p)
		}
	}
	var rows []map[string]any
	err := w.db.App.Write(t.Context(), func(tx postgres.Tx) error {
		var texts []string
		if err := tx.Select(t.Context(), &texts, q, values); err != nil {
			return err
		}
		rows = nil
		for _, text := range texts {
			row := map[string]any{}
			if err := json.Unmarshal([]byte(text), &row); err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		t.Fatalf("%s: %v", name, err)
	}
	return rows
}

// shown are the cells of a row that say something: not NULL, zero, false or empty.
func shown(row map[string]any) []string {
	var cells []string
	for column, value := range row {
		switch v := value.(type) {
		case nil:
		case bool:
			if v {
				cells = append(cells, column)
			}
		case float64:
			if v != 0 {
				cells = append(cells, fmt.Sprintf("%s=%v", column, v))
			}
		case string:
			if strings.Trim(v, "0.") != "" && v != `\x` {
				cells = append(cells, fmt.Sprintf("%s=%.30s", column, v))
			}
		default:
			if text := fmt.Sprint(v); text != "[]" && text != "map[]" {
				cells = append(cells, column+"="+text)
			}
		}
	}
	return cells
}

// leaks are the rows that show something, those of the viewer's own node or
// district left out.
func leaks(rows []map[string]any, ownNode, ownDistrict int64) [][]string {
	var found [][]string
	for _, row := range rows {
		if row["node_id"] == float64(ownNode) || row["district_id"] == float64(ownDistrict) {
			continue
		}
		if cells := shown(row); len(cells) > 0 {
			found = append(found, cells)
		}
	}
	return found
}

// TestNoQueryShowsAnotherTenant runs every reading query of every room with the
// ids of one tenant: as its own system user it must answer, as a user of another
// district and as one of the same district who has nothing there it must not,
// not even when he names a node of his own.
func TestNoQueryShowsAnotherTenant(t *testing.T) {
	w := newWorld(t)
	t.Run("a query without scope turns the law red", w.turnsRed)
	exempt := map[string]string{}
	for reason, names := range withoutActor {
		for _, name := range names {
			exempt[name] = reason
		}
	}
	special, checked := w.special(), 0
	for _, folder := range slices.Sorted(maps.Keys(roomQueries)) {
		for _, q := range roomQueries[folder] {
			name := folder + "." + q.Name()
			q := whole(name, q)
			takesActor := slices.Contains(q.Params(), "actor")
			reason := exempt[name]
			delete(exempt, name)
			switch {
			case !reads(q):
				continue // writes happen in an act, which has checked
			case takesActor && reason != "":
				t.Errorf("%s takes an actor and is listed as one that does not", name)
			case !takesActor && reason == "":
				t.Errorf("%s takes no :actor, so it shows every tenant to everybody; take one or say in withoutActor why not", name)
			}
			if !takesActor {
				continue
			}
			checked++
			t.Run(name, func(t *testing.T) {
				values := w.parameters()
				maps.Copy(values, special[name])
				w.tenants(t, name, q, values)
			})
		}
	}
	for name := range exempt {
		t.Errorf("%s is listed in withoutActor, but is no query any more", name)
	}
	if checked < 60 {
		t.Errorf("only %d queries were run", checked)
	}
}

func (w *world) tenants(t *testing.T, name string, q postgres.Query, values map[string]any) {
	as := func(actor access.Actor) []map[string]any {
		values["actor"] = actor.UserID
		return w.answer(t, name, q, values)
	}
	if len(leaks(as(w.here.system), 0, 0)) == 0 {
		t.Error("asked by who may see all it shows nothing: an empty answer to others would prove nothing")
	}
	if ownToo[name] != "" {
		return
	}
	if found := leaks(as(w.there.system), 0, w.there.id); len(found) > 0 {
		t.Errorf("a user of another district is shown %v", found)
	}
	if found := leaks(as(w.here.lone), w.here.loneNode, 0); len(found) > 0 {
		t.Errorf("a user of an empty company of the district is shown %v", found)
	}
	if _, asks := values["node"]; asks && slices.Contains(q.Params(), "node") {
		values["node"] = w.here.loneNode
		if found := leaks(as(w.here.lone), w.here.loneNode, 0); len(found) > 0 {
			t.Errorf("a user who names a node of his own is shown %v", found)
		}
	}
}

// outsideActs names every use of a query that is listed as inAct in a function
// without a postgres.Tx: there it would show rows before anything was checked.
func outsideActs(files []parsed, listed []string) []string {
	var breaches []string
	for _, f := range files {
		own, _ := roomOf(f.folder())
		for _, decl := range f.tree.Decls {
			hands := 0 // functions around the place that are given a Tx
			var visit func(n ast.Node) bool
			visit = func(n ast.Node) bool {
				switch x := n.(type) {
				case *ast.FuncDecl:
					return inside(&hands, x.Type, x.Body, visit)
				case *ast.FuncLit:
					return inside(&hands, x.Type, x.Body, visit)
				case *ast.CallExpr:
					if s, ok := x.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "At" {
						ast.Inspect(s.X, visit) // the field of a refusal may be called like a query
						return false
					}
				case *ast.BasicLit:
					query, _ := strconv.Unquote(x.Value)
					if x.Kind == token.STRING && hands == 0 && slices.Contains(listed, own.name+"."+query) {
						breaches = append(breaches, fmt.Sprintf("%s:%d: the query %s is for acts, but no Tx is at hand", f.path, f.line(x), query))
					}
				}
				return true
			}
			ast.Inspect(decl, visit)
		}
	}
	return breaches
}

func inside(hands *int, signature *ast.FuncType, body *ast.BlockStmt, visit func(ast.Node) bool) bool {
	given := slices.ContainsFunc(signature.Params.List, func(p *ast.Field) bool {
		s, ok := p.Type.(*ast.SelectorExpr)
		return ok && isName(s.X, "postgres") && s.Sel.Name == "Tx"
	})
	if given {
		*hands++
		defer func() { *hands-- }()
	}
	if body != nil {
		ast.Inspect(body, visit)
	}
	return false
}

func TestQueriesOfActsAreUsedInActs(t *testing.T) {
	holds(t, outsideActs(mustParse(t, program(repository(t))), withoutActor[inAct]))
	bad, err := parse([]file{{"ledger/a.go", `package ledger
func f(r postgres.Reader) { r.Get(queries.Get("month_totals")) }
func g(tx postgres.Tx) { tx.Get(queries.Get("month_totals")) }
func h() { act(func(tx postgres.Tx) { tx.Get(queries.Get("month_totals")) }) }`}})
	must(t, err)
	breaks(t, outsideActs(bad, words("ledger.month_totals")), "ledger/a.go:2: the query month_totals")
}

// turnsRed holds that the law sees a query that forgets the scope.
func (w *world) turnsRed(t *testing.T) {
	values := map[string]any{"district": w.here.id, "payment": w.here.payment}
	rows := w.answer(t, "laws.act_of_payment", worldQueries.Get("act_of_payment"), values)
	if found := leaks(rows, w.here.loneNode, w.there.id); len(found) != 1 {
		t.Errorf("a query without scope shows %v", found)
	}
	if reads(worldQueries.Get("exclusion")) || !reads(worldQueries.Get("segments")) {
		t.Error("a write is not told from a read")
	}
	harmless := []map[string]any{{"a": nil, "b": 0.0, "c": "0.00", "d": "", "e": false, "f": []any{}}, {"node_id": float64(w.here.loneNode), "name": "own"}}
	if found := leaks(harmless, w.here.loneNode, w.there.id); len(found) != 0 {
		t.Errorf("harmless rows are called leaks: %v", found)
	}
}

// Every room with SQL has its queries run.
func TestTenantLawKnowsEveryRoomWithSQL(t *testing.T) {
	for _, f := range repository(t) {
		name := f.path[strings.LastIndex(f.path, "/")+1:]
		if !strings.HasSuffix(name, ".sql") || strings.HasPrefix(name, "fn_") {
			continue
		}
		own, _ := roomOf(f.folder())
		if roomQueries[own.name] == nil && !slices.Contains(words("postgres migrations cmd"), own.name) {
			t.Errorf("%s: the queries of %s are not run as a foreign tenant; add them to roomQueries", f.path, own.name)
		}
	}
}
