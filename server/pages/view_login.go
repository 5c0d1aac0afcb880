package pages

// LoginView is the first thing anybody sees.
type LoginView struct {
	Form     LoginForm
	Problems Problems
	Logins   []DemoLogin // only on a demo installation
}

// LoginForm is what the login page sends. Next is the page the user wanted.
type LoginForm struct {
	Login    string `form:"login"`
	Password string `form:"password"`
	Next     string `form:"next"`
}

// DemoLogin is one login of the demo.
type DemoLogin struct {
	Role, Login, Password string
}

// Page names the template.
func (LoginView) Page() string { return "login" }

// ErrorView is every refusal and failure: what happened, what it means, what to do.
type ErrorView struct {
	Status  int    // 403, 404, 500 …
	Title   string // 这一页不归你看
	Text    string
	Request string // to quote to the administrator; only for failures of the program
	Button  Link
}

// Page names the template.
func (ErrorView) Page() string { return "error" }

// SearchView is the answer of the search box without script, and the phone's way to search.
type SearchView struct {
	Query string
	Hits  []HouseholdHit
	More  bool // there are more than shown
}

// Page names the template.
func (SearchView) Page() string { return "search" }

// SuggestView is the list under the search box; a fragment.
type SuggestView struct {
	Query string
	Hits  []HouseholdHit
}

// Page names the template.
func (SuggestView) Page() string { return "suggest" }
