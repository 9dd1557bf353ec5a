package frame

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const wire = "{1500}30User ReqP \n{1510}1000\n{4200}D1234*A \"B\"*Road 1*\n{4320}x*\n{4320}later*\n"

func TestBankMessages(t *testing.T) {
	swift := "{1:F01EXAMPLEXXXX0000000000}{2:I103EXAMPLEYXXXXN}{3:{108:x}}{4:\r\n:20:REF1\r\n:32A:260515USD1234,56\r\n:59:/0001\r\nKIM\r\nROAD 1\r\n-}{5:{CHK:1}}"
	want := `{"swift":{"type":"103","direction":"I","fields":{"20":"REF1","32A":"260515USD1234,56","59":["/0001","KIM","ROAD 1"]}}}`
	for _, c := range []struct {
		name, in, format string
		want             []string
		offsets          []int64
	}{
		{"fedwire", wire + "\n" + wire, "fedwire", []string{
			`{"fedwire":{"1500":"30User ReqP","1510":"1000","4200":["D1234","A \"B\"","Road 1"],"4320":"x"}}`,
			`{"fedwire":{"1500":"30User ReqP","1510":"1000","4200":["D1234","A \"B\"","Road 1"],"4320":"x"}}`,
		}, []int64{0, int64(len(wire) + 1)}},
		{"fedwire on one line", "{1500}1{1510}2{1500}3{1510}4", "fedwire", []string{`{"fedwire":{"1500":"1","1510":"2"}}`, `{"fedwire":{"1500":"3","1510":"4"}}`}, []int64{0, 14}},
		{"swift", swift + "\r\n" + swift, "swift", []string{want, want}, []int64{0, int64(len(swift) + 2)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := collectWith(t, []byte(c.in), Options{Limits: DefaultLimits()})[0]
			if r.Shape != ShapeJSON || r.Format != c.format || len(r.faults) > 0 {
				t.Fatalf("%s %s %v", r.Shape, r.Format, r.faults)
			}
			var got []string
			var offsets []int64
			for _, row := range r.rows {
				got, offsets = append(got, string(row.Data)), append(offsets, row.Offset)
			}
			if d := cmp.Diff(c.want, got) + cmp.Diff(c.offsets, offsets); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestBankMessageTooLong(t *testing.T) {
	small := DefaultLimits()
	small.Record = 64
	in := "{1500}1\n" + strings.Repeat("{6000}x\n", 20) + "{1500}2\n{1510}" + strings.Repeat("y", 100) + "\n{1500}3\n"
	r := collectWith(t, []byte(in), Options{Limits: small})[0]
	if len(r.rows) != 2 || len(r.faults) != 2 || r.faults[0].Reason != ReasonTooLong || r.faults[1].Reason != ReasonTooLong {
		t.Errorf("%d rows, faults %+v", len(r.rows), r.faults)
	}
}

func FuzzBankMessages(f *testing.F) {
	f.Add([]byte(wire), true)
	f.Add([]byte("{4:\n:20:x\n:59:/1\nA\n-}"), false)
	f.Fuzz(func(t *testing.T, in []byte, fedwire bool) {
		begin := "{1:F01EXAMPLEXXXX0000000000}"
		if fedwire {
			begin = "{1500}"
		}
		for _, r := range collect(t, append([]byte(begin), in...)) {
			checkResult(t, r)
			checkJSONRows(t, r)
		}
	})
}
