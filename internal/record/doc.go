// Package record holds Muster's canonical records: what every source is turned
// into, and the only thing that the rest of the house reads.
//
// A record states one fact that one system reported, and carries a [Ref] to the
// row it came from. Records are never merged here; joining rows into personas is
// the work of package link. The package imports the standard library only.
//
// There is deliberately no field for nationality, ethnicity, religion, gender,
// birthplace, native language or keyboard layout: what cannot be stored cannot
// be scored (fairness rule HR-1).
package record
