package sheet

import "fmt"

// Kind says how the cells of a column are read and written.
type Kind int

// The kinds of columns.
const (
	// Text is kept as written, without surrounding blanks; ids, phones and room numbers are text.
	Text Kind = iota
	// Int is a whole number.
	Int
	// Decimal is an exact decimal number: amounts, areas, rates.
	Decimal
	// Date is a calendar day; a time of day behind it is dropped.
	Date
	// Month is a calendar month.
	Month
	// Choice is one of the column's Choices.
	Choice
)

// Option is a word that a Choice column accepts and the code it stands for. Several words may share a code; the
// first of them is the one that templates offer.
type Option struct {
	Word string
	Code string
}

// Column describes one column of a file.
type Column struct {
	// Key names the column in the program; unique in its Layout.
	Key string
	// Header is the column's name in templates and messages; it may carry a unit: 建筑面积(㎡).
	Header string
	// Aliases are other headers under which files of other origin bring the same column.
	Aliases []string
	// Required columns must be in the file, and none of their cells may be blank.
	Required bool
	Kind     Kind
	// Choices are the words of a Choice column, in the order in which the user sees them.
	Choices []Option
	// Example is the cell of the template's example row.
	Example string
	// Note explains the column in the template's second sheet.
	Note string
}

// Layout describes the columns of one kind of file.
type Layout struct {
	// Title names the kind of file to the user, for example 房屋导入.
	Title string
	// Sheet is the worksheet's name in templates; a file may call it otherwise.
	Sheet   string
	Columns []Column
	// Tail are the beginnings of the line that ends the data, such as 合计. It and what follows are not read as
	// rows, but handed back in Summary.Tail.
	Tail []string
}

// column finds a column by its key. An unknown key is a mistake of the programmer.
func (l *Layout) column(key string, kinds ...Kind) int {
	for i := range l.Columns {
		if l.Columns[i].Key != key {
			continue
		}
		for _, kind := range kinds {
			if l.Columns[i].Kind == kind {
				return i
			}
		}
		if len(kinds) == 0 {
			return i
		}
		panic(fmt.Sprintf("sheet: column %q of %s is asked for as another kind than it has", key, l.Title))
	}
	panic(fmt.Sprintf("sheet: %s has no column %q", l.Title, key))
}

// words are the words to offer for a Choice column: the first one of each code.
func (c *Column) words() []string {
	var words []string
	seen := map[string]bool{}
	for _, option := range c.Choices {
		if !seen[option.Code] {
			seen[option.Code] = true
			words = append(words, option.Word)
		}
	}
	return words
}
