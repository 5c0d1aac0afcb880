package estate

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// PersonKind tells people from organisations.
type PersonKind string

// The kinds of persons.
const (
	Natural      PersonKind = "natural"
	Organisation PersonKind = "organisation"
)

// PersonKindNames gives the Chinese name of each kind.
var PersonKindNames = map[PersonKind]string{Natural: "个人", Organisation: "单位"}

// NewPerson is a person to register. Document is the number of an identity
// document or credit code; only its hash is kept.
type NewPerson struct {
	Kind     PersonKind `json:"kind"` // empty: natural
	Name     string     `json:"name"`
	Phone    string     `json:"phone"`
	Document string     `json:"document"`
}

func (p *NewPerson) check(at string) error {
	p.Name, p.Phone, p.Document = tidy(p.Name), tidyPhone(p.Phone), tidyDocument(p.Document)
	if p.Kind == "" {
		p.Kind = Natural
	}
	if PersonKindNames[p.Kind] == "" {
		return invalid("person_kind", "业主类型只能是个人或单位。", at+"kind")
	}
	return first(checkName("姓名", p.Name, at+"name"), checkPhone(p.Phone, at+"phone"), checkDocument(p.Kind, p.Document, at+"document"))
}

var (
	phonePattern    = regexp.MustCompile(`^\+?[0-9][0-9-]{4,19}$`)
	mobileSpelled   = regexp.MustCompile(`^1[0-9]{2}-[0-9]{4}-[0-9]{4}$`)
	documentPattern = regexp.MustCompile(`^[0-9A-Z()]{5,30}$`)
	identityCard    = regexp.MustCompile(`^[0-9]{17}[0-9X]$`)
)

func tidyPhone(s string) string {
	s = strings.Join(strings.Fields(s), "")
	if mobileSpelled.MatchString(s) {
		s = strings.ReplaceAll(s, "-", "")
	}
	return s
}

func checkPhone(phone, field string) error {
	if phone != "" && !phonePattern.MatchString(phone) {
		return invalid("phone", "电话只能有数字和短横线，5 到 20 位，例如 13800138000 或 0510-88886666。", field)
	}
	return nil
}

// MaskPhone hides the middle of a telephone number: 138****5127.
func MaskPhone(phone string) string {
	if len(phone) < 8 {
		return strings.Repeat("*", len(phone))
	}
	return phone[:3] + strings.Repeat("*", len(phone)-7) + phone[len(phone)-4:]
}

// MaskName leaves the first character of a name: 张**.
func MaskName(name string) string {
	_, size := utf8.DecodeRuneInString(name)
	return name[:size] + strings.Repeat("*", utf8.RuneCountInString(name[size:]))
}

func tidyDocument(s string) string {
	s = strings.NewReplacer("（", "(", "）", ")", "-", "").Replace(strings.ToUpper(strings.Join(strings.Fields(s), "")))
	return s
}

// checkDocument refuses a number that cannot be one. An identity card's number
// carries a check digit (GB 11643): a typing error must not make two people one.
func checkDocument(kind PersonKind, document, field string) error {
	switch {
	case document == "":
		return nil
	case !documentPattern.MatchString(document):
		return invalid("document", "证件号是 5 到 30 位数字和字母。", field)
	case kind == Natural && len(document) == 18 && !(identityCard.MatchString(document) && identityDigit(document) == document[17]):
		return invalid("document_digit", "身份证号的校验位不对，请核对。", field)
	}
	return nil
}

func identityDigit(document string) byte {
	sum := 0
	for i, weight := range [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(document[i]-'0') * weight
	}
	return "10X98765432"[sum%11]
}

// DocumentHash is what is kept of a document number: enough to see that two
// persons of a district are one, and different in every district. The numbers
// have few possible values, so who has the database could try them all: the hash
// keeps them out of sight, it does not make them secret.
func DocumentHash(district int64, document string) []byte {
	if document == "" {
		return nil
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "estateledger person document\x00%d\x00%s", district, document))
	return sum[:]
}
