package pages

import "estateledger/civil"

// UsersView is who can log in, as what, and where.
type UsersView struct {
	Users    []UserRow
	Pager    Pager
	Roles    []Option
	Places   []Option // scope nodes
	Drawer   string   // "new", "role" or "password"
	For      UserRow  // whom a role or password is for
	Form     UserForm
	Problems Problems
}

// UserRow is one user with what he may do where.
type UserRow struct {
	ID          int64
	Login, Name string
	Phone       string
	Roles       []UserRole
	Disabled    bool
	LastSeen    string
}

// UserRole is one membership.
type UserRole struct {
	ID          int64
	Role, Place string
	From, Until civil.Date
}

// UserForm is POST user_save, membership_save and user_password; each uses its own fields.
type UserForm struct {
	Login    string `form:"login"`
	Name     string `form:"name"`
	Phone    string `form:"phone"`
	Password string `form:"password"`
	Role     string `form:"role"`
	Place    string `form:"place"`
	From     string `form:"valid_from"`
	Until    string `form:"valid_to"`
}

// Page names the template.
func (UsersView) Page() string { return "users" }
