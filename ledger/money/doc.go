// Package money is the only place that rounds.
//
// Amounts are [Yuan] with two decimals; rates, areas and shares are exact
// decimals; floating point appears nowhere. Products are taken first, quotients
// last, and a result is rounded once, by a named [Rule] that is stored with the
// document: 67.83 m² × 0.65 = 44.0895 is a bill of 44.09, and a year is twelve
// times that. What several owners share is cut by [Split] so that the parts add
// up to the whole.
//
// fn_money.sql holds the same for sets in the database: money_round and
// money_split. A property test holds them equal to Go.
package money
