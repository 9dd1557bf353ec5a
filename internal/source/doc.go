// Package source turns the exports of a company into records: it lets package
// frame cut files into rows, recognises each row by the mappings of package
// mapping (or hands the file to a source written in code), and emits canonical
// records in the order of files and rows.
//
// Nothing passes in silence: what cannot be read is quarantined with file, line,
// field and reason, what nobody understands is listed, and the report counts
// both. docs/mappings.md is the contract of the mappings.
package source
