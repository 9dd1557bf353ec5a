package simulate

import (
	"fmt"
	"time"
)

// Options say what company to invent.
type Options struct {
	// Seed picks the company; the same options with the same seed give the same bytes.
	Seed uint64 `json:"seed"`
	// Name of the organisation. Default Northwind Example Ltd.
	Name string `json:"name"`
	// Staff is the number of people on the roster, planted ones included. Default 200.
	Staff int `json:"staff"`
	// Candidates is the number of people who applied and were not hired, planted ones included. Default 500.
	Candidates int `json:"candidates"`
	// AsOf is the day of the exports. Default 2026-11-20.
	AsOf time.Time `json:"as_of"`
	// Level of the adversary: 0 is careless, 1 has unique phones and banks.
	Level int `json:"level"`
	// Fraud turns planted operators and lone hires on; without it both counts are ignored.
	Fraud bool `json:"fraud"`
	// Operators is the number of operator cells.
	Operators int `json:"operators"`
	// PersonasPerOperator is the number of personas of a cell. Default 12.
	PersonasPerOperator int `json:"personas_per_operator"`
	// HiredPerOperator is how many of them were hired. Default a third.
	HiredPerOperator int `json:"hired_per_operator"`
	// Lone is the number of fraudulent hires whose operator has nobody else in this company.
	Lone int `json:"lone"`
	// Twins is how many people there are at least of each innocent kind; 0 plants none.
	Twins int `json:"twins"`
	// Notice records a monitoring notice in muster.yaml.
	Notice bool `json:"notice"`
	// Days is the length of the telemetry before AsOf. Default 90.
	Days int `json:"days"`
	// SignInsPerDay is the mean number of identity provider events of a person on a working day. Default 3.
	SignInsPerDay float64 `json:"sign_ins_per_day"`
	// Progress is told of each file begun and finished; may be nil.
	Progress func(stage string, done, total int) `json:"-"`
}

// Limits of the invented world: the address plan and the roster of twins.
const (
	maxStaff = 200_000
	maxLevel = 1
)

func (o *Options) defaults() {
	setDefault(&o.Name, "Northwind Example Ltd")
	setDefault(&o.Staff, 200)
	setDefault(&o.Candidates, 500)
	setDefault(&o.PersonasPerOperator, 12)
	setDefault(&o.HiredPerOperator, max(1, o.PersonasPerOperator/3))
	setDefault(&o.Days, 90)
	setDefault(&o.SignInsPerDay, 3)
	if o.AsOf.IsZero() {
		o.AsOf = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	}
	o.AsOf = o.AsOf.UTC().Truncate(24 * time.Hour)
	if !o.Fraud {
		o.Operators, o.Lone = 0, 0
	}
}

func setDefault[T comparable](p *T, v T) {
	var zero T
	if *p == zero {
		*p = v
	}
}

func (o *Options) check() error {
	hired := o.Operators*(o.HiredPerOperator+1) + o.Lone
	applied := o.Operators * (o.PersonasPerOperator - o.HiredPerOperator)
	switch {
	case o.Level < 0 || o.Level > maxLevel:
		return fmt.Errorf("simulate: level %d: only 0 to %d are built", o.Level, maxLevel)
	case o.Staff < 20 || o.Staff > maxStaff:
		return fmt.Errorf("simulate: %d staff: from 20 to %d", o.Staff, maxStaff)
	case o.Days < 14 || o.Days > 366:
		return fmt.Errorf("simulate: %d days of telemetry: from 14 to 366", o.Days)
	case o.HiredPerOperator > o.PersonasPerOperator:
		return fmt.Errorf("simulate: %d hired of %d personas", o.HiredPerOperator, o.PersonasPerOperator)
	case hired > o.Staff/2:
		return fmt.Errorf("simulate: %d planted hires among %d staff: at most half", hired, o.Staff)
	case applied > o.Candidates/2:
		return fmt.Errorf("simulate: %d planted applicants among %d candidates: at most half", applied, o.Candidates)
	}
	return nil
}
