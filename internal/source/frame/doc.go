// Package frame turns files into rows: it walks folders, opens what is
// compressed or packed, finds out by content (never by name) how a file is built
// and cuts it into rows with their line and byte offset.
//
// It knows nothing of vendors, but for the names of the columns in log lines that
// carry none ([LogLine]). What a row means is decided by the mappings of package
// source; the two questions that framing itself depends on (is this object a
// record, is this row a header) are asked through [Options].
//
// Everything is streamed: memory does not grow with the size of a file. Bad
// input becomes a [Fault] beside the rows that were good, or an unknown [Stream]
// that says why, never a panic and never silence.
package frame
