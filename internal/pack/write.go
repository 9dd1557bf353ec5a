package pack

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"muster/internal/record"
	"muster/internal/settings"
)

// Version of the format of packs.
const Version = 1

// Header is the first line of a pack.
type Header struct {
	Record     string             `json:"record"` // "pack"
	Version    int                `json:"version"`
	Department string             `json:"department,omitempty"`
	Created    string             `json:"created,omitempty"` // the day that the pack stands for, not the clock's
	KeyID      string             `json:"key_id"`
	Dropped    []string           `json:"dropped"` // fields that are left out
	Settings   *settings.Settings `json:"settings,omitempty"`
}

// Options say how to pack.
type Options struct {
	Key        Key
	Department string
	AsOf       time.Time // printed in the header; zero: the newest day in the records is not stated
	Settings   *settings.Settings
	Custodians []Custodian // none or two
}

// Report says what a pack holds.
type Report struct {
	Records int
	Kinds   map[record.Kind]int
	Tokens  int // noted in the vault
}

// Write packs a sealed set. The records of the set are changed: they cannot be used
// afterwards. vault is written where custodians are given.
func Write(w, vault io.Writer, set *record.Set, opt Options) (Report, error) {
	var rep Report
	var book *ledger
	switch len(opt.Custodians) {
	case 0:
	case 2:
		if err := distinct([2]Custodian(opt.Custodians)); err != nil {
			return rep, err
		}
		book = newLedger()
	default:
		return rep, errors.New("a vault has two custodians, or a pack has no vault")
	}
	book, rep, err := write(w, set, opt, book)
	if err != nil || book == nil {
		return rep, err
	}
	rep.Tokens = len(book.list)
	return rep, book.seal(vault, opt.Key.ID(), [2]Custodian(opt.Custodians))
}

// write packs a set and notes in the book what its tokens stand for.
func write(w io.Writer, set *record.Set, opt Options, book *ledger) (*ledger, Report, error) {
	rep := Report{Kinds: map[record.Kind]int{}}
	if missing := Undecided(); len(missing) > 0 {
		return nil, rep, fmt.Errorf("no rule says what becomes of %s in a pack", strings.Join(missing, ", "))
	}
	p := newPacker(opt.Key, book)
	p.learn(set.References)
	head := Header{Record: "pack", Version: Version, Department: opt.Department, KeyID: opt.Key.ID(), Dropped: Dropped()}
	if opt.Settings != nil {
		if err := p.learnIDs(set); err != nil {
			return nil, rep, err
		}
		head.Settings = p.settings(opt.Settings, set)
	}
	if !opt.AsOf.IsZero() {
		head.Created = opt.AsOf.Format(time.DateOnly)
	}
	lines, err := p.lines(set, &rep)
	if err != nil {
		return nil, rep, err
	}
	return book, rep, compress(w, head, lines)
}

// lines packs all records and sorts them by what they became: the order of the clear
// values would tell something of them.
func (p *packer) lines(set *record.Set, rep *Report) ([][]byte, error) {
	var lines [][]byte
	err := everyRecord(set, func(r record.Record) error {
		if err := p.pack(r); err != nil {
			return err
		}
		line, err := record.Marshal(r)
		if err != nil {
			return err
		}
		rep.Records++
		rep.Kinds[r.Kind()]++
		lines = append(lines, bytes.Clone(line))
		return nil
	})
	slices.SortFunc(lines, bytes.Compare)
	return slices.CompactFunc(lines, bytes.Equal), err
}

func compress(w io.Writer, head Header, lines [][]byte) error {
	z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	enc := json.NewEncoder(z)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(head); err != nil {
		return err
	}
	for _, l := range lines {
		if _, err := z.Write(append(l, '\n')); err != nil {
			return err
		}
	}
	return z.Close()
}

// everyRecord yields all records of a set.
func everyRecord(set *record.Set, yield func(record.Record) error) error {
	for i := range set.Sessions.Len() {
		row := set.Sessions.At(i)
		if err := yield(&row); err != nil {
			return err
		}
	}
	return cmp.Or(
		all(set.Personas, yield), all(set.Applications, yield), all(set.HistoryItems, yield), all(set.Documents, yield), all(set.References, yield),
		all(set.Engagements, yield), all(set.PaymentAccounts, yield), all(set.Payments, yield), all(set.Devices, yield), all(set.DeviceItems, yield),
		all(set.Shipments, yield), all(set.NetworkObs, yield), all(set.Contributions, yield), all(set.Meetings, yield), all(set.AccessEvents, yield),
		all(set.AccountEvents, yield), all(set.Checks, yield), all(set.Presences, yield), all(set.StolenLogins, yield), all(set.Indicators, yield),
		all(set.ListEntries, yield),
	)
}

func all[R record.Record](list []R, yield func(record.Record) error) error {
	for _, r := range list {
		if err := yield(r); err != nil {
			return err
		}
	}
	return nil
}
