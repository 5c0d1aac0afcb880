// Package paper makes PDFs and QR codes. It knows no subject: a Document is a list of blocks — heading, lines,
// fields, table — that the caller fills with words.
//
// Invariants:
//   - every character that was given is on the paper, or nothing is: a character that the font lacks is a
//     fault.Error, because a receipt with a hole in a name is worse than none;
//   - the same document gives the same bytes: no clock, no chance.
//
// Known limit: characters beyond U+FFFF (rare names) are drawn right, but copying or searching them in a PDF
// viewer gives other characters, because the PDF library writes 16 bits per character into the table for that.
package paper
