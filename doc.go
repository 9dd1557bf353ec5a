// Package muster holds the house rules as tests; see ARCHITECTURE.md. The
// program is in cmd/muster, everything else in internal.
package muster
