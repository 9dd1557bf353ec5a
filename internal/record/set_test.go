package record

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// linesOf returns all records of a sealed set as text, without line and offset.
func linesOf(t *rapid.T, s *Set) []string {
	var lines []string
	add := func(r Record) {
		r.Meta().Ref.Line, r.Meta().Ref.Offset = 0, 0
		line, err := Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	for _, r := range s.Personas {
		add(r)
	}
	for _, r := range s.Engagements {
		add(r)
	}
	for _, r := range s.Payments {
		add(r)
	}
	for i := range s.Sessions.Len() {
		row := s.Sessions.At(i)
		add(&row)
	}
	return lines
}

// drawRows draws records of which some are versions of one another and some were
// read twice.
func drawRows(t *rapid.T) []func() Record {
	var makers []func() Record
	for i := range rapid.IntRange(0, 25).Draw(t, "records") {
		common := Common{
			Ref:       Ref{Source: "s", File: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "file"), Line: i + 1, Offset: int64(i), Key: rapid.SampledFrom([]string{"1", "2", ""}).Draw(t, "key")},
			ValidFrom: At(time.Unix(int64(rapid.IntRange(0, 2).Draw(t, "version")), 0).UTC()),
		}
		name := rapid.SampledFrom([]string{"Kim", "Lee"}).Draw(t, "name")
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			makers = append(makers, func() Record { return &Persona{Common: common, FullName: name} })
		case 1:
			makers = append(makers, func() Record { return &Engagement{Common: common, Title: name} })
		case 2:
			makers = append(makers, func() Record { return &Payment{Common: common, Reference: name} })
		default:
			makers = append(makers, func() Record { return &Session{Common: common, Account: name, At: common.ValidFrom} })
		}
	}
	return makers
}

func sealedSet(makers []func() Record) *Set {
	s := new(Set)
	for _, m := range makers {
		s.Add(m())
	}
	s.Seal()
	return s
}

func TestSetSealShuffle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := drawRows(t)
		want := linesOf(t, sealedSet(rows))
		have := linesOf(t, sealedSet(rapid.Permutation(rows).Draw(t, "order")))
		if len(have) != len(want) {
			t.Fatalf("%d records in one order, %d in another", len(want), len(have))
		}
		for i := range want {
			if have[i] != want[i] {
				t.Fatalf("another order changed record %d\nhave %s\nwant %s", i, have[i], want[i])
			}
		}
	})
}

func TestSetSealVersions(t *testing.T) {
	version := func(day int, account string) *PaymentAccount {
		return &PaymentAccount{Common: Common{Ref: Ref{Source: "s", Key: "E1"}, ValidFrom: At(time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC))}, AccountHash: account}
	}
	s := new(Set)
	for _, r := range []*PaymentAccount{version(9, "new"), version(1, "old"), version(1, "old")} {
		s.Add(r)
	}
	s.Seal()
	if len(s.PaymentAccounts) != 2 {
		t.Fatalf("%d versions, want 2: a row read twice is one", len(s.PaymentAccounts))
	}
	old, now := s.PaymentAccounts[0], s.PaymentAccounts[1]
	if old.AccountHash != "old" || old.ValidTo.String() != "2026-01-09T00:00:00Z" || !now.ValidTo.IsZero() {
		t.Errorf("old version %s until %q, new one until %q", old.AccountHash, old.ValidTo, now.ValidTo)
	}
}
