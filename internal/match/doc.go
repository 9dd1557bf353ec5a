// Package match compares and normalises the values that records carry: names,
// e-mail addresses, telephone numbers, postal addresses, organisations and
// texts. Its functions are pure: they hold no state and read nothing but their
// arguments.
//
// Names are compared letter by letter and never looked up: there is no list of
// given names, of surnames or of origins here, so that replacing the letters of
// all names by other letters changes no answer (fairness rule HR-2).
package match
