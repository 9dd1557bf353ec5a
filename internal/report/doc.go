// Package report turns what a scan found into one typed document and renders it:
// text, JSON, CSV and a self-contained HTML page. [Build] makes the document; the
// renderers take nothing else, so that a report can be made again from a saved
// scan.json ([Load]), compared with an earlier one ([Diff]), cut down to what an
// audience may see ([ForAudience]) or stripped of names ([Redact]).
//
// The order of everything is by band, weight, date and id, never by name, and
// what could not be looked at is said before what was found.
package report
