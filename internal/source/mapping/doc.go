// Package mapping loads the mapping language of docs/mappings.md: YAML files that
// say how a record of an export is recognised and which canonical records it
// becomes. A file is checked whole when it is loaded (keys, fields, types of
// transforms, forbidden paths) and compiled, so that evaluating a row is a walk
// over a few small slices.
//
// The mappings of the house lie in folders beside this file, with how to export
// the data (doc.md) and samples (testdata/).
package mapping
