// Package sheet takes tables in from xlsx and CSV and hands them out as such. It knows no subject: what the
// columns are called and mean stands in the caller's Layout.
//
// Words: a Layout describes the columns of one kind of file; Read finds them in a file by their headers and
// hands over one Row after the other; what cannot be read as its column wants it is a BadCell, named by row
// (as the user's program shows it), header and reason; what makes the whole file useless is one fault.Error.
//
// Invariants:
//   - a file is streamed: memory does not grow with the number of rows (only with the distinct texts of an xlsx);
//   - no number passes through floating point on its way in: decimals are taken from the digits in the file;
//   - nothing is guessed in silence: a value that the spreadsheet program has already damaged (an id turned into
//     1.38E+10, a room number turned into a date) is refused with the reason.
//
// # Numbers of spreadsheet programs
//
// An xlsx file keeps numbers as binary floating point, printed with up to 17 digits: who types 67.83 may leave
// 67.829999999999998 in the file. A number cell with more than 12 significant digits is therefore rounded, half
// away from zero, to 15 significant digits (all that such a program lets a user type) and at most 10 decimals. Cells with fewer digits, text cells and CSV are taken as they are written.
package sheet
