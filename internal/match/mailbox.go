package match

import (
	"slices"
	"strings"
	"unicode"
)

// leastMailboxName is the number of letters that two parts of a name must have
// together to be told in a mailbox.
const leastMailboxName = 7

// MailboxLetters returns the letters of a mailbox, what stands before the @: dots,
// digits and marks are put in where a name is taken.
func MailboxLetters(address string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, EmailLocal(address))
}

// MailboxSpellings returns how mailboxes spell a full name: two of its parts, in
// either order; nothing for short names and single words. Ascending.
func MailboxSpellings(n Name) []string {
	var out []string
	for i, a := range n.parts {
		for j, b := range n.parts {
			if i != j && min(len(a), len(b)) >= 2 && len(a)+len(b) >= leastMailboxName {
				out = append(out, a+b)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// InMailbox reports whether a part of a name of three letters and more is in the mailbox.
func InMailbox(n Name, address string) bool {
	letters := MailboxLetters(address)
	return slices.ContainsFunc(n.parts, func(part string) bool { return len(part) >= 3 && strings.Contains(letters, part) })
}

// SpeltKey is the key of a persona's custom fields under which packed records say how
// mailboxes spell its names, in the tokens of mailboxes; blanks divide.
const SpeltKey = "mailbox_spellings"
