// Package model is the description of a linkage model: what is compared, at which
// levels, with which probabilities, and which pairs are looked at. Its file is the
// settings JSON of Splink (version 3 to 5), so that a model trained by one runs in the
// other; fields that Muster does not know are kept.
package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"strings"
)

// Settings is a model.
type Settings struct {
	LinkType    string       `json:"link_type"`
	UniqueID    string       `json:"unique_id_column_name,omitempty"`
	Prior       float64      `json:"probability_two_random_records_match,omitempty"` // of two random rows
	Blocking    []Rule       `json:"blocking_rules_to_generate_predictions"`
	Comparisons []Comparison `json:"comparisons"`
	Training    []Rule       `json:"muster_training_rules,omitempty"`      // sessions of expectation maximisation
	Certain     []Rule       `json:"muster_deterministic_rules,omitempty"` // for the prior
	Recall      float64      `json:"muster_deterministic_recall,omitempty"`
	Penalty     *float64     `json:"muster_missing_pair_penalty,omitempty"` // bits, see linkage/cluster
	OneToOne    bool         `json:"muster_one_to_one,omitempty"`
	Words       []string     `json:"muster_word_columns,omitempty"`   // each row is also compared with the rows of which its rare words remind most
	AllPairs    bool         `json:"muster_all_pairs,omitempty"`      // instead of the rules' pairs
	Refine      []string     `json:"muster_refine_columns,omitempty"` // split blocks above the cap

	// Benchmark lifts the refusal of columns that may never be compared. Only code sets
	// it, never a file.
	Benchmark bool `json:"-"`

	extra map[string]json.RawMessage
}

// Rule is a condition that makes pairs.
type Rule struct {
	SQL     string `json:"blocking_rule"`
	Dialect string `json:"sql_dialect,omitempty"`
}

// Comparison is an ordered list of levels, of which the first that holds counts.
type Comparison struct {
	Name        string  `json:"output_column_name"`
	Description string  `json:"comparison_description,omitempty"`
	Levels      []Level `json:"comparison_levels"`
}

// Level is one outcome of a comparison. The condition of the last is ELSE.
type Level struct {
	SQL      string   `json:"sql_condition"`
	Label    string   `json:"label_for_charts,omitempty"`
	Null     bool     `json:"is_null_level,omitempty"`
	M        *float64 `json:"m_probability,omitempty"`         // share among matches
	U        *float64 `json:"u_probability,omitempty"`         // share among others
	Chance   *float64 `json:"muster_u_random_pairs,omitempty"` // u before matches were taken out: what rarity is counted from
	TFColumn string   `json:"tf_adjustment_column,omitempty"`
	TFWeight *float64 `json:"tf_adjustment_weight,omitempty"`
	TFFloor  float64  `json:"tf_minimum_u_value,omitempty"`
}

// Else is the condition of a comparison's last level.
const Else = "ELSE"

// Read reads a settings file.
func Read(r io.Reader) (*Settings, error) {
	data, err := io.ReadAll(io.LimitReader(r, 16<<20))
	if err != nil {
		return nil, err
	}
	s := &Settings{}
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(s); err != nil {
		return nil, fmt.Errorf("no settings of Splink: %w", err)
	}
	if err := json.Unmarshal(data, &s.extra); err != nil {
		return nil, err
	}
	return s, s.check()
}

// Write writes a settings file.
func (s *Settings) Write(w io.Writer) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	all := map[string]json.RawMessage{}
	maps.Copy(all, s.extra)
	own := map[string]json.RawMessage{}
	if err := json.Unmarshal(data, &own); err != nil {
		return err
	}
	maps.Copy(all, own)
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(all)
}

func (s *Settings) check() error {
	if len(s.Comparisons) == 0 {
		return fmt.Errorf("the settings have no comparisons")
	}
	if len(s.Blocking) == 0 {
		return fmt.Errorf("the settings have no blocking_rules_to_generate_predictions")
	}
	for _, c := range s.Comparisons {
		if len(c.Levels) < 2 {
			return fmt.Errorf("comparison %q has fewer than two levels", c.Name)
		}
		for i, l := range c.Levels {
			if last := i == len(c.Levels)-1; last != strings.EqualFold(l.SQL, Else) {
				return fmt.Errorf("comparison %q: ELSE must be the last level and only that", c.Name)
			}
			for _, p := range []*float64{l.M, l.U} {
				if p != nil && (*p < 0 || *p > 1) {
					return fmt.Errorf("comparison %q, level %q: a probability is not between 0 and 1", c.Name, l.SQL)
				}
			}
		}
	}
	return nil
}

// UnmarshalJSON reads a rule that is an object or, as in older files, a text.
func (r *Rule) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &r.SQL)
	}
	type plain Rule
	return json.Unmarshal(data, (*plain)(r))
}
