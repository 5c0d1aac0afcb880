package access

import (
	"context"
	"regexp"

	"estateledger/civil"
	"estateledger/postgres"
)

var jobPattern = regexp.MustCompile(`^[a-z][a-z_]{1,40}$`)

// CreateSystemUser finds or makes the user a job acts as, system:<job>. He has
// no password and cannot log in. It runs inside the transaction of its caller,
// because the very first one is made before anybody could act.
func CreateSystemUser(ctx context.Context, tx postgres.Tx, job string) (Actor, error) {
	if !jobPattern.MatchString(job) {
		panic("access: " + job + " is no name of a job")
	}
	arg := map[string]any{"login": "system:" + job, "name": "系统（" + job + "）"}
	if _, err := tx.Exec(ctx, queries.Get("insert_system_user"), arg); err != nil {
		return Actor{}, err
	}
	var u userRow
	err := tx.Get(ctx, &u, queries.Get("system_user"), arg)
	return Actor{UserID: u.UserID, Name: u.Name}, err
}

// GrantSystem gives a system user the system's role at a node, once.
func GrantSystem(ctx context.Context, tx postgres.Tx, district, node int64, system Actor, from civil.Date) error {
	arg := map[string]any{"district": district, "user": system.UserID, "role": string(System), "node": node, "valid_from": from}
	var has bool
	if err := tx.Get(ctx, &has, queries.Get("has_membership"), arg); err != nil || has {
		return err
	}
	var id int64
	return tx.Get(ctx, &id, queries.Get("insert_membership"), arg)
}
