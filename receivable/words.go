package receivable

import (
	"context"
	"errors"

	"estateledger/access"
	"estateledger/fault"
	"estateledger/ledger"
	"estateledger/postgres"
)

// Document is what stands behind an entry, in words.
type Document struct {
	What   string
	Number string
}

// Words names the documents and dimensions of entries for people.
type Words struct {
	documents  map[documentKey]Document
	dimensions map[int64]string
}

type documentKey struct {
	kind ledger.SourceKind
	id   int64
}

// WordsOf finds the words for a page of entries.
func WordsOf(ctx context.Context, r postgres.Reader, s access.Scope, lines []ledger.JournalLine) (Words, error) {
	w := Words{documents: map[documentKey]Document{}, dimensions: map[int64]string{}}
	if len(lines) == 0 {
		return w, nil
	}
	var kinds, ids, dimensions []int64
	for _, line := range lines {
		kinds, ids = append(kinds, int64(line.SourceKind)), append(ids, line.SourceID)
		dimensions = append(dimensions, line.DebitDimension, line.CreditDimension)
	}
	var documents []struct {
		Kind   ledger.SourceKind `db:"kind"`
		ID     int64             `db:"id"`
		What   string            `db:"what"`
		Number string            `db:"number"`
	}
	err := r.Select(ctx, &documents, queries.Get("words_of_documents"), struct {
		access.Scope
		Kinds []int64 `db:"kinds"`
		IDs   []int64 `db:"ids"`
	}{s, kinds, ids})
	if err != nil {
		return w, err
	}
	for _, d := range documents {
		w.documents[documentKey{d.Kind, d.ID}] = Document{d.What, d.Number}
	}
	var names []struct {
		ID   int64  `db:"id"`
		Name string `db:"name"`
	}
	err = r.Select(ctx, &names, queries.Get("words_of_dimensions"), struct {
		access.Scope
		IDs []int64 `db:"ids"`
	}{s, dimensions})
	for _, n := range names {
		w.dimensions[n.ID] = n.Name
	}
	return w, err
}

// Document names the document behind an entry; without words of its own it has
// the name of its kind.
func (w Words) Document(line ledger.JournalLine) Document {
	d := w.documents[documentKey{line.SourceKind, line.SourceID}]
	if d.What == "" {
		d.What = ledger.SourceNames[line.SourceKind]
	}
	return d
}

// Dimension names a unit by its room number, a bank account by its name; empty
// for none.
func (w Words) Dimension(id int64) string { return w.dimensions[id] }

// UnitNamed is the unit of a room number such as 7-1-502 in an estate;
// receivable.unit_not_found when there is none.
func UnitNamed(ctx context.Context, r postgres.Reader, s access.Scope, estateNode int64, code string) (int64, error) {
	var unit int64
	err := r.Get(ctx, &unit, queries.Get("unit_named"), struct {
		access.Scope
		Node int64  `db:"node"`
		Code string `db:"code"`
	}{s, estateNode, code})
	if errors.Is(err, postgres.ErrNoRow) {
		err = fault.NotFound("receivable.unit_not_found", "这个小区没有房号 "+code+"。房号按 7-1-502 的样子填写。").At("unit")
	}
	return unit, err
}
