package access

import (
	"context"

	"estateledger/civil"
	"estateledger/postgres"
)

// NodeKind says what a scope node stands for.
type NodeKind string

// The kinds of scope nodes.
const (
	DistrictNode    NodeKind = "district"
	SubDistrictNode NodeKind = "sub_district"
	CommunityNode   NodeKind = "community"
	CompanyNode     NodeKind = "company"
	EstateNode      NodeKind = "estate"
	BookNode        NodeKind = "book"
)

// AddNode adds a node to the scope graph under the given parents, each from the
// given day on, and answers its id.
func AddNode(ctx context.Context, tx postgres.Tx, district int64, kind NodeKind, name string, parents []int64, from civil.Date) (int64, error) {
	var node int64
	err := tx.Get(ctx, &node, queries.Get("add_node"), map[string]any{"district": district, "kind": string(kind), "name": name})
	if err != nil {
		return 0, err
	}
	for _, parent := range parents {
		if err := Link(ctx, tx, district, node, parent, from); err != nil {
			return 0, err
		}
	}
	return node, nil
}

// Link hangs a node under a parent from a day on; the same link twice is one.
func Link(ctx context.Context, tx postgres.Tx, district, child, parent int64, from civil.Date) error {
	_, err := tx.Exec(ctx, queries.Get("add_edge"), map[string]any{
		"district": district, "child": child, "parent": parent, "valid_from": from,
	})
	return err
}

// EndLink ends an open link with its last day.
func EndLink(ctx context.Context, tx postgres.Tx, district, child, parent int64, last civil.Date) error {
	_, err := tx.Exec(ctx, queries.Get("end_edge"), map[string]any{
		"district": district, "child": child, "parent": parent, "valid_to": last,
	})
	return err
}
