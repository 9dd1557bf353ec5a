package synth_test

import (
	"bytes"
	"io"
	"testing"

	"muster/internal/linkage/synth"
)

func TestWrite(t *testing.T) {
	var one, two bytes.Buffer
	a, err := synth.Write(&one, 2000, 7)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := synth.Write(&two, 2000, 7); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Fatal("one seed gave two files")
	}
	if int64(one.Len()) != a.Bytes || bytes.Count(one.Bytes(), []byte("\n")) != 2001 {
		t.Errorf("%d bytes and %d lines, want %d and 2001", one.Len(), bytes.Count(one.Bytes(), []byte("\n")), a.Bytes)
	}
	if b, _ := synth.Write(io.Discard, 2000, 8); b.SHA256 == a.SHA256 {
		t.Error("two seeds gave one file")
	}
	// The mean number of true pairs per row follows from the shares of copies.
	if per := float64(a.TruePairs) / 2000; per < 1.7 || per > 3.3 {
		t.Errorf("%.2f true pairs per row, want about 2.5", per)
	}
}
