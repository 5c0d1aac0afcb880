// Package pages is the face of estateledger in a browser: templates, style, script and the typed
// views that fill them. It decides nothing and reads no database: a handler asks the domain, fills
// a view and calls Renderer.Render.
//
// Words:
//
//	View      what one page shows; its type names the template (Page).
//	Shell     what stands around every page: user, menu, scope, notice, look.
//	Form      the strings a user typed, kept as typed, so that a refused form comes back unchanged.
//	          Its `form` tags are the field names of the HTML form; the handler parses into it.
//	Problem   what is wrong with one field; listed above the form and said at the field.
//	Route     name, method and path of a page or action; links, menu and buttons are made from names.
//
// Invariants, held by tests: no inline script and no style attribute (CSP 'self'), one h1 a page,
// every field labelled, every POST form carries csrf and an idempotency key, every view renders.
package pages
