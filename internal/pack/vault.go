package pack

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"filippo.io/age"

	"muster/internal/identity"
	"muster/internal/record"
)

// Custodian is one of the two people who open a vault together.
type Custodian struct {
	Name      string
	Recipient string // of age: age1...
}

// Entry is what one token stands for, and the first row it stood in.
type Entry struct {
	Kind   string `json:"kind"` // name, email, handle, row, ...
	Token  string `json:"token"`
	Clear  string `json:"clear"`
	Source string `json:"source,omitempty"`
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
}

// ledger collects entries. The nil ledger forgets all.
type ledger struct {
	seen map[[2]string]bool
	list []Entry
}

func newLedger() *ledger { return &ledger{seen: map[[2]string]bool{}} }

func (l *ledger) note(kind, token, clear string, ref record.Ref) {
	if l == nil || token == "" || clear == "" || token == clear || l.seen[[2]string{kind + "\x00" + token, clear}] {
		return
	}
	l.seen[[2]string{kind + "\x00" + token, clear}] = true
	l.list = append(l.list, Entry{kind, token, clear, ref.Source, ref.File, ref.Line})
}

// vaultHead is the first line of a vault's clear content.
type vaultHead struct {
	Vault      int      `json:"vault"` // version
	KeyID      string   `json:"key_id"`
	Custodians []string `json:"custodians"` // who opens the outer shell, then the inner one
}

// seal writes the entries so that both custodians are needed: encrypted to the
// second, and that once more to the first.
func (l *ledger) seal(w io.Writer, keyID string, who [2]Custodian) error {
	var to [2]*age.X25519Recipient
	for i, c := range who {
		r, err := age.ParseX25519Recipient(strings.TrimSpace(c.Recipient))
		if err != nil {
			return fmt.Errorf("custodian %s: %w", c.Name, err)
		}
		to[i] = r
	}
	if err := distinct(who); err != nil {
		return err
	}
	slices.SortFunc(l.list, func(a, b Entry) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Token, b.Token), strings.Compare(a.Clear, b.Clear))
	})
	outer, err := age.Encrypt(w, to[0])
	if err != nil {
		return err
	}
	inner, err := age.Encrypt(outer, to[1])
	if err != nil {
		return err
	}
	enc := json.NewEncoder(inner)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(vaultHead{1, keyID, []string{who[0].Name, who[1].Name}}); err != nil {
		return err
	}
	for _, e := range l.list {
		if err := enc.Encode(e); err != nil {
			return err
		}
	}
	return errors.Join(inner.Close(), outer.Close())
}

func distinct(who [2]Custodian) error {
	if strings.EqualFold(strings.TrimSpace(who[0].Name), strings.TrimSpace(who[1].Name)) || strings.TrimSpace(who[0].Recipient) == strings.TrimSpace(who[1].Recipient) {
		return errors.New("the two custodians are one person: name two people with a key each")
	}
	return nil
}

// Vault is an opened vault.
type Vault struct {
	Custodians []string
	KeyID      string
	entries    []Entry
}

// ErrTwoPeople says that a vault was not to be opened with what one person has.
var ErrTwoPeople = errors.New("two people are needed: a vault opens with the identities of both custodians")

// OpenVault decrypts a vault with the identities of its two custodians, in either
// order. One identity twice, or one person's only, gives [ErrTwoPeople].
func OpenVault(r io.Reader, identities [][]byte) (*Vault, error) {
	ids, err := parseIdentities(identities)
	if err != nil {
		return nil, err
	}
	sealed, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	for _, order := range [][2]int{{0, 1}, {1, 0}} {
		outer, err := age.Decrypt(bytes.NewReader(sealed), ids[order[0]])
		if err != nil {
			continue
		}
		inner, err := age.Decrypt(outer, ids[order[1]])
		if err != nil {
			return nil, fmt.Errorf("%w; the second identity does not open the inner shell", ErrTwoPeople)
		}
		return readVault(inner)
	}
	return nil, fmt.Errorf("%w; none of these identities opens the outer shell", ErrTwoPeople)
}

func parseIdentities(files [][]byte) ([]*age.X25519Identity, error) {
	var ids []*age.X25519Identity
	for i, f := range files {
		list, err := age.ParseIdentities(bytes.NewReader(f))
		if err != nil {
			return nil, fmt.Errorf("identity %d: %w", i+1, err)
		}
		for _, x := range list {
			id, ok := x.(*age.X25519Identity)
			if !ok {
				return nil, fmt.Errorf("identity %d is no X25519 key", i+1)
			}
			if !slices.ContainsFunc(ids, func(o *age.X25519Identity) bool { return o.String() == id.String() }) {
				ids = append(ids, id)
			}
			break // one key of each person
		}
	}
	if len(ids) != 2 {
		return nil, ErrTwoPeople
	}
	return ids, nil
}

func readVault(r io.Reader) (*Vault, error) {
	dec := json.NewDecoder(bufio.NewReader(r))
	var head vaultHead
	if err := dec.Decode(&head); err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	if head.Vault != 1 || len(head.Custodians) != 2 {
		return nil, fmt.Errorf("vault of version %d: this muster reads version 1", head.Vault)
	}
	v := &Vault{Custodians: head.Custodians, KeyID: head.KeyID}
	for {
		var e Entry
		if err := dec.Decode(&e); errors.Is(err, io.EOF) {
			return v, nil
		} else if err != nil {
			return nil, fmt.Errorf("vault: %w", err)
		}
		v.entries = append(v.entries, e)
	}
}

// Look returns what a token stands for, or the handles of which a persona's id was
// made; nothing if the vault does not know it.
func (v *Vault) Look(what string) []Entry {
	var out []Entry
	for _, e := range v.entries {
		if e.Token == what || strings.EqualFold(e.Token, what) || e.Kind == "handle" && string(identity.NewPersonaID(record.Handle(e.Token))) == what {
			out = append(out, e)
		}
	}
	return out
}
