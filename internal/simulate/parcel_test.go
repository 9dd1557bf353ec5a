package simulate

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSignatures checks who signs for parcels: mostly the addressee, at farms
// mostly the helper, less often in a careful cell, and nobody before delivery.
func TestSignatures(t *testing.T) {
	for level, share := range map[int][2]float64{0: {0.45, 0.75}, 1: {0.25, 0.55}} {
		opt := small
		opt.Operators, opt.HiredPerOperator, opt.Lone, opt.Level, opt.Days, opt.Staff = 10, 8, 0, level, 28, 600
		dir, truth := build(t, opt)
		helped, farmed, own, others, blank := 0, 0, 0, 0, 0
		class, helpers := map[string]string{}, []string{}
		for _, p := range truth.Personas {
			class[p.EmployeeNo] = p.Class
			if !slices.Contains(p.Traces, "byod") && p.Class == ClassOperator && p.Hired {
				farmed++
				if slices.Contains(p.Traces, "signed-by-helper") {
					helped++
				}
			}
		}
		for _, f := range truth.Facilitators {
			given, family, _ := strings.Cut(f.Name, " ")
			helpers = append(helpers, given[:1]+". "+family)
		}
		if got := float64(helped) / float64(farmed); farmed < 40 || got < share[0] || got > share[1] {
			t.Errorf("level %d: helpers signed for %d of %d", level, helped, farmed)
		}
		for _, x := range table(t, filepath.Join(dir, "exports", "shipping", "shipments.csv")) {
			name, signed := x["Recipient Name"], x["Signed By"]
			family := name[strings.LastIndexByte(name, ' ')+1:]
			switch {
			case x["Delivered At"] == "" && signed != "":
				t.Errorf("a parcel that was not delivered is signed for: %v", x)
			case class[x["Employee #"]] == ClassOperator:
				if self := strings.HasSuffix(signed, family); !self && signed != "" && !slices.Contains(helpers, signed) {
					t.Errorf("%s signed for %s", signed, name)
				}
			case signed == "":
				blank++
			case strings.HasSuffix(signed, family) && (signed == family || signed[0] == name[0]):
				own++
			default:
				others++
			}
		}
		if n := own + others + blank; own < n/2 || own > n*9/10 || others == 0 || blank == 0 {
			t.Errorf("level %d: addressees signed for %d, others for %d, nobody for %d", level, own, others, blank)
		}
	}
}

// table reads a CSV file as maps by column.
func table(t *testing.T, file string) []map[string]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, column := range rows[0] {
			m[column] = row[i]
		}
		out = append(out, m)
	}
	return out
}
