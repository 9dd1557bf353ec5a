// Package guide proposes a mapping for a file that nothing recognises: from the
// names of its columns and from what their values look like. A proposal is a
// beginning for a person to confirm and never used by itself.
package guide
