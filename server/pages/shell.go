package pages

import (
	"time"

	"estateledger/civil"
)

// Shell is what stands around every page. A shell without a user gives the page alone, without menu.
type Shell struct {
	User    User
	CSRF    string // goes into every POST form as field "csrf"
	Scope   Scope
	Notice  *Notice // what just happened, once
	Look    Look
	Today   civil.Date
	Now     time.Time               // for the head of the printed page
	Demo    bool                    // the installation was created as a demo
	Estates int                     // how many estates the user sees; stands in the menu
	Allowed func(route string) bool // the permission table; decides menu and buttons. nil allows nothing
}

// User is who is logged in.
type User struct {
	Name         string
	Role         string // in words: 收费员
	Organisation string
}

// Face is the one character in the round badge.
func (u User) Face() string {
	for _, r := range u.Name {
		return string(r)
	}
	return ""
}

// Scope is the part of the district the page speaks of, with what else may be chosen.
type Scope struct {
	Path    string // what stands above, in words: 柳塘街道
	Name    string // 安和一村, 全部 12 个小区
	Options []ScopeOption
}

// ScopeOption is one choice of the scope switch; Depth 0 is the widest.
type ScopeOption struct {
	Label, URL string
	Depth      int
	Here       bool
}

// Look is how the reader wants the page: cookies `theme` (dark), `size` (large), `rows` (close).
type Look struct {
	Dark, Large, Close bool
}

// Class is the class list of the html element.
func (l Look) Class() string {
	class := "theme-light"
	if l.Dark {
		class = "theme-dark"
	}
	if l.Large {
		class += " size-large"
	}
	if l.Close {
		class += " rows-close"
	}
	return class
}

// Link is a word that leads somewhere.
type Link struct {
	Label, URL string
}

// Notice says what happened, what it means and, with a button, what to do.
type Notice struct {
	Tone   Tone // good, info, warn, bad
	Strong string
	Text   string
	Button *Link
}

// Context is the dot of every page template: the shell, and the view as V.
type Context struct {
	Shell
	V    View
	menu []MenuGroup
}

// Can tells whether the user may use a route.
func (s Shell) Can(route string) bool {
	return s.Allowed != nil && s.Allowed(route)
}

// Menu is the left menu as this user sees it.
func (c Context) Menu() []MenuGroup { return c.menu }

// OpenGroup is the group that the page belongs to, or nil.
func (c Context) OpenGroup() *MenuGroup {
	for i := range c.menu {
		if c.menu[i].Here {
			return &c.menu[i]
		}
	}
	return nil
}
