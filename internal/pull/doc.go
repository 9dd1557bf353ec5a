// Package pull fetches exports from vendors' interfaces into a folder that a scan
// reads: the vendors' own rows, one JSON object a line, beside a file of cursors.
//
// It is the only package that opens connections on behalf of a user, and only the
// command line imports it: a scan never does. Everything it asks for is read-only.
//
// An event stream is appended to one file per day of its events. A page's rows are
// flushed before its cursor, and what a file already holds is not written again:
// the keys of the overlap are read back from the files themselves, so that a crash
// costs a repeated request and neither loses nor doubles a row. A snapshot (devices,
// users) is written beside the old one and takes its place when it is complete.
package pull
