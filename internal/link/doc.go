// Package link turns records into personas and finds what they share.
//
// It keeps two graphs apart (linkage.md 2.3). Assembly says which rows of
// different systems are one presented identity: it is precise, and names count.
// Association says what two presented identities have in common although they
// present themselves as different people: it never merges them.
//
// Everything here depends on the content of the records only. Shuffled rows give
// the same graph.
package link
