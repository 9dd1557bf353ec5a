package pack

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"filippo.io/age"

	"muster/internal/identity"
	"muster/internal/record"
)

func identityOf(t *testing.T) (recipient string, file []byte) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id.Recipient().String(), []byte("# a key\n" + id.String() + "\n")
}

func onePerson() *record.Set {
	set := new(record.Set)
	set.Add(&record.Persona{
		Common: record.Common{Ref: record.Ref{Source: "bamboohr", File: "roster.csv", Line: 3, Key: "E1042"}}, Subject: record.Subject{Handle: "employee:E1042", Name: "Calix Undren"},
		PersonaKind: "employee", FullName: "Calix Undren", Emails: []record.Email{{Value: "calix.undren@startup.example", Kind: "work"}},
	})
	set.Seal()
	return set
}

func TestVaultNeedsTwoPeople(t *testing.T) {
	anaTo, ana := identityOf(t)
	benTo, ben := identityOf(t)
	_, eve := identityOf(t)
	var packed, vault bytes.Buffer
	rep, err := Write(&packed, &vault, onePerson(), Options{Key: testKey(1), Custodians: []Custodian{{"Ana", anaTo}, {"Ben", benTo}}})
	if err != nil || rep.Records != 1 || rep.Tokens == 0 {
		t.Fatalf("%+v, %v", rep, err)
	}
	for _, ids := range [][][]byte{{ana}, {ben}, {ana, ana}, {ben, ben}, {ana, eve}, {eve, ben}, {}} {
		if _, err := OpenVault(bytes.NewReader(vault.Bytes()), ids); !errors.Is(err, ErrTwoPeople) {
			t.Errorf("%d identities: %v, want that two people are needed", len(ids), err)
		}
	}
	for _, ids := range [][][]byte{{ana, ben}, {ben, ana}} {
		v, err := OpenVault(bytes.NewReader(vault.Bytes()), ids)
		if err != nil {
			t.Fatal(err)
		}
		p := newPacker(testKey(1), nil)
		for _, what := range []string{p.name("Calix Undren"), p.email("calix.undren@startup.example"), string(p.handle("employee:E1042")), string(identity.NewPersonaID(p.handle("employee:E1042")))} {
			list := v.Look(what)
			if len(list) == 0 || list[0].File != "roster.csv" || list[0].Line != 3 || !strings.Contains(strings.ToLower(list[0].Clear), "undren") && !strings.Contains(list[0].Clear, "E1042") {
				t.Errorf("%s: %+v", what, list)
			}
		}
		if list := v.Look("P-unknown"); len(list) > 0 {
			t.Errorf("unknown token: %+v", list)
		}
	}
}

func TestVaultRefusesOnePersonTwice(t *testing.T) {
	to, _ := identityOf(t)
	other, _ := identityOf(t)
	for _, who := range [][]Custodian{{{"Ana", to}, {"Ben", to}}, {{"Ana", to}, {" ana", other}}, {{"Ana", to}}} {
		if _, err := Write(new(bytes.Buffer), new(bytes.Buffer), onePerson(), Options{Key: testKey(1), Custodians: who}); err == nil {
			t.Errorf("%v: a vault was made", who)
		}
	}
}

// TestKeysDecide packs one person with two keys: nothing but the form agrees.
func TestKeysDecide(t *testing.T) {
	a, b := newPacker(testKey(1), nil), newPacker(testKey(2), nil)
	for _, s := range []string{"Calix Undren", "Brint Osmere"} {
		if a.name(s) == b.name(s) || a.name(s) != newPacker(testKey(1), nil).name(s) {
			t.Errorf("%q: %q, %q", s, a.name(s), b.name(s))
		}
	}
	if testKey(1).ID() == testKey(2).ID() {
		t.Error("two keys have one id")
	}
	if _, err := ParseKey([]byte("AGE-SECRET-KEY-1")); err == nil {
		t.Error("a foreign key was taken")
	}
	if k := NewKey(); strings.Contains(k.String(), k.ID()) {
		t.Error("the id gives a part of the key away")
	}
}

// TestPackedBytes: the same exports, key and day give the same bytes.
func TestPackedBytes(t *testing.T) {
	var x, y bytes.Buffer
	for _, w := range []*bytes.Buffer{&x, &y} {
		if _, err := Write(w, nil, onePerson(), Options{Key: testKey(1), Department: "hr"}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(x.Bytes(), y.Bytes()) {
		t.Error("two runs differ")
	}
	h, ok, err := ReadHeader(bytes.NewReader(x.Bytes()))
	if err != nil || !ok || h.Department != "hr" || h.KeyID != testKey(1).ID() || len(h.Dropped) < 50 {
		t.Errorf("%+v %v %v", h, ok, err)
	}
}
