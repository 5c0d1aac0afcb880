// Package screens answers the pages of the browser face: it asks the domain,
// fills a view of package pages and renders it; a form becomes one act, and
// then a redirect, so that reloading never sends it twice. It decides nothing.
//
// Each file is a group of pages; frame.go is what stands around all of them.
package screens
