package pages

// ImportView is the first step: which list, and the file.
type ImportView struct {
	Kinds    []ImportKind
	Form     ImportForm
	Estates  []Option // for the kinds that fill one estate; the first is "按文件里的小区名"
	Recent   []JobRow
	Problems Problems
}

// ImportKind is one list that can be imported, with its template.
type ImportKind struct {
	Code, Name, Says string
}

// ImportForm is POST import_upload, multipart; the file's field is "file". From is the day from
// which corrections hold whose row names none.
type ImportForm struct {
	Kind   string `form:"kind"`
	Estate string `form:"estate"`
	From   string `form:"effective_from"`
}

// ImportConfirm is POST import_confirm: what the dry run was about, and how many rows it read.
type ImportConfirm struct {
	Estate string `form:"estate"`
	From   string `form:"effective_from"`
	Rows   int    `form:"rows"`
}

// Page names the template.
func (ImportView) Page() string { return "import" }

// ImportCheckView is the dry run: what would happen. Nothing has been written yet.
type ImportCheckView struct {
	FileID    int64
	Form      ImportConfirm
	File      string
	Kind      string // in words
	Rows      int
	Created   int
	Changed   int
	Same      int
	Refused   int
	Cells     []BadCell
	MoreCells int // bad cells beyond those shown
	Changes   []ImportChange
	Marks     []string // columns that were not understood, missing levels entered as 未定 …
	Problems  Problems
}

// Ready says that the file may be imported: nothing is refused and something would change.
func (v ImportCheckView) Ready() bool { return v.Refused == 0 && v.Created+v.Changed > 0 }

// BadCell is one cell that was refused.
type BadCell struct {
	Row    int
	Column string
	Value  string
	Reason string
}

// ImportChange is one thing that would be created or changed.
type ImportChange struct {
	Row          int
	What         string
	Before, Then string // Before empty: new
}

// Page names the template.
func (ImportCheckView) Page() string { return "import_check" }

// ImportDoneView says what was imported.
type ImportDoneView struct {
	File, Kind             string
	Created, Changed, Same int
	ActID                  int64
	Next                   []Link // what to do now; the first is the main one
}

// Page names the template.
func (ImportDoneView) Page() string { return "import_done" }

func importSteps(current int) []Step {
	return Steps(current, Step{Name: "选文件"}, Step{Name: "试导"}, Step{Name: "写入"})
}
