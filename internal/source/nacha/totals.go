package nacha

import "fmt"

// totals are what controls count.
type totals struct {
	batches, entries int64
	hash             int64 // sum of the routing numbers without check digit
	debit, credit    int64 // cents
}

// hashSize is the number that entry hashes are counted modulo: the field has ten
// digits.
const hashSize = 10_000_000_000

func (t *totals) add(o totals) {
	t.batches += o.batches
	t.entries += o.entries
	t.hash = (t.hash + o.hash) % hashSize
	t.debit += o.debit
	t.credit += o.credit
}

// wrong is a record that contradicts the rows it counts.
type wrong struct {
	line  line
	field string
	text  string
}

// Error implements error; it names the total.
func (w *wrong) Error() string { return w.text }

// compare returns the first total that a control states wrongly.
func (t totals) compare(l line, what string, fields []field) *wrong {
	for _, f := range fields {
		stated, ok := l.number(f.first, f.last)
		if have := f.of(t); !ok || stated != have {
			return &wrong{l, f.name, fmt.Sprintf("ACH %s: the %s is stated as %s, the records give %d; the file is refused", what, f.text, l.at(f.first, f.last), have)}
		}
	}
	return nil
}

// field is where a control states a total.
type field struct {
	name, text  string
	first, last int
	of          func(totals) int64
}

func entriesOf(t totals) int64 { return t.entries }
func hashOf(t totals) int64    { return t.hash }
func debitOf(t totals) int64   { return t.debit }
func creditOf(t totals) int64  { return t.credit }
func batchesOf(t totals) int64 { return t.batches }

func batchFields(class string) []field {
	list := []field{{"entry_count", "number of entries and addenda", 5, 10, entriesOf}, {"entry_hash", "entry hash", 11, 20, hashOf}}
	if adv(class) {
		return append(list, field{"total_debit", "total debit", 21, 40, debitOf}, field{"total_credit", "total credit", 41, 60, creditOf})
	}
	return append(list, field{"total_debit", "total debit", 21, 32, debitOf}, field{"total_credit", "total credit", 33, 44, creditOf})
}

func fileFields(class string) []field {
	list := []field{
		{"batch_count", "number of batches", 2, 7, batchesOf},
		{"entry_count", "number of entries and addenda", 14, 21, entriesOf},
		{"entry_hash", "entry hash", 22, 31, hashOf},
	}
	if adv(class) {
		return append(list, field{"total_debit", "total debit", 32, 51, debitOf}, field{"total_credit", "total credit", 52, 71, creditOf})
	}
	return append(list, field{"total_debit", "total debit", 32, 43, debitOf}, field{"total_credit", "total credit", 44, 55, creditOf})
}

// count returns what one entry adds to the totals; an addendum adds to the
// number alone.
func (e *entry) count() (totals, *wrong) {
	first, last := 30, 39
	if adv(e.batch.class) {
		first, last = 28, 39
	}
	amount, ok := e.number(first, last)
	if !ok {
		return totals{}, &wrong{e.line, "amount", fmt.Sprintf("ACH entry in line %d: the amount is no number; the file is refused", e.row.Line)}
	}
	router, ok := e.number(4, 11)
	if !ok {
		return totals{}, &wrong{e.line, "receiving_bank", fmt.Sprintf("ACH entry in line %d: the routing number is no number; the file is refused", e.row.Line)}
	}
	t := totals{entries: 1, hash: router}
	code := e.code()
	switch debit := len(code) == 2 && code[1] >= '6' && code[1] <= '9'; {
	case adv(e.batch.class) && (code == "82" || code == "84" || code == "86" || code == "88"), !adv(e.batch.class) && debit:
		t.debit = amount
	default:
		t.credit = amount
	}
	return t, nil
}
