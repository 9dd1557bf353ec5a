package record

import (
	"net/netip"
	"reflect"
	"time"

	"pgregory.net/rapid"
)

// drawRecord draws a record of any kind with any of its fields set.
func drawRecord(t *rapid.T) Record {
	k := rapid.SampledFrom(Kinds()).Draw(t, "kind")
	r := New(k)
	drawInto(t, reflect.ValueOf(r).Elem())
	return r
}

func drawInto(t *rapid.T, v reflect.Value) {
	switch v.Interface().(type) {
	case Time:
		v.Set(reflect.ValueOf(drawTime(t)))
		return
	case Date:
		v.Set(reflect.ValueOf(drawTime(t).Date()))
		return
	case netip.Addr:
		v.Set(reflect.ValueOf(drawAddr(t)))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				drawInto(t, v.Field(i))
			}
		}
	case reflect.String:
		v.SetString(rapid.StringN(0, 8, 32).Draw(t, "text"))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.Int64Range(-1<<53, 1<<53).Draw(t, "int"))
	case reflect.Float64:
		v.SetFloat(rapid.Float64Range(-1e15, 1e15).Draw(t, "float"))
	case reflect.Pointer:
		if rapid.Bool().Draw(t, "set") {
			v.Set(reflect.New(v.Type().Elem()))
			drawInto(t, v.Elem())
		}
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Slice:
		if n := rapid.IntRange(0, 2).Draw(t, "n"); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				drawInto(t, v.Index(i))
			}
		}
	case reflect.Map:
		if m := rapid.MapOfN(rapid.String(), rapid.String(), 0, 2).Draw(t, "map"); len(m) > 0 {
			v.Set(reflect.ValueOf(m))
		}
	}
}

// drawTime draws a present time whose text form says all there is to say.
func drawTime(t *rapid.T) Time {
	p := Precision(rapid.IntRange(int(PrecisionYear), int(PrecisionNano)).Draw(t, "precision"))
	at := time.Unix(rapid.Int64Range(-1e9, 4e9).Draw(t, "unix"), 0).UTC()
	known := p >= PrecisionMinute && rapid.Bool().Draw(t, "offset known")
	if known {
		at = at.In(time.FixedZone("", 60*rapid.IntRange(-14*60, 14*60).Draw(t, "offset")))
	}
	y, m, d := at.Date()
	switch p {
	case PrecisionYear:
		at = time.Date(y, 1, 1, 0, 0, 0, 0, at.Location())
	case PrecisionMonth:
		at = time.Date(y, m, 1, 0, 0, 0, 0, at.Location())
	case PrecisionDay:
		at = time.Date(y, m, d, 0, 0, 0, 0, at.Location())
	case PrecisionMinute:
		at = at.Truncate(time.Minute)
	case PrecisionNano:
		at = at.Add(time.Duration(rapid.IntRange(1, 999_999_999).Draw(t, "ns")))
	}
	return NewTime(at, p, known)
}

func drawAddr(t *rapid.T) netip.Addr {
	if rapid.Bool().Draw(t, "v6") {
		return netip.AddrFrom16([16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "v6 bytes"))).Unmap()
	}
	return netip.AddrFrom4([4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "v4 bytes")))
}
