package main

import (
	"embed"

	"estateledger/postgres"
)

//go:embed testdata/test.sql
var testFiles embed.FS

var testQueries = postgres.MustLoad(testFiles)
