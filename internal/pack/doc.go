// Package pack turns exports into a pack: canonical records in which identifiers
// are tokens under a key that the departments of an organisation, or a client and
// its agency, share. Whoever scans packs needs no key: equal values have equal
// tokens, and the tokens keep what the comparisons of packages match, link and
// detect look at, so that a scan of packs says what a scan of the exports says.
//
// What is kept, replaced or left out is written down once, in the table of rules.go;
// a field without a rule is an error. The clear values go into a vault, which stays
// at home and which two named people open together.
package pack
