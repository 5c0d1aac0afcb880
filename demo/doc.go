// Package demo plays the life of a small invented district through the same use
// cases as a user's work, with a stepped clock: nothing is inserted past them.
// Every estate, company and person in it is invented; tariffs and collection
// rates are assumptions within the ranges published for renovated old estates.
//
// It runs only into a database that was marked as demo when it was made; its
// passwords exist nowhere else.
package demo
