package transform

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// scientificForm is what a spreadsheet makes of long numbers: 1.23E+11.
var scientificForm = regexp.MustCompile(`^[+-]?\d+([.,]\d+)?[eE]\+?\d+$`)

func scientific(s string) bool {
	return strings.ContainsAny(s, "eE") && scientificForm.MatchString(s)
}

// number reads a plain number, also of the form "AS15169".
func number(v *Value) (float64, bool) {
	switch v.Type {
	case Int, Float:
		return v.FloatOf(), true
	case Bool:
		return float64(v.Num), true
	}
	s, ok := text(v)
	if !ok {
		return 0, false
	}
	if len(s) > 2 && strings.EqualFold(s[:2], "as") {
		s = s[2:]
	}
	f, err := strconv.ParseFloat(strings.TrimPrefix(s, "+"), 64)
	return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
}

func integer(_ *Ctx, v *Value) Reason {
	if s, ok := text(v); ok && v.Type != Float && v.Type != Bool {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			*v = Value{Type: Int, Num: n}
			return ""
		}
	}
	f, ok := number(v)
	if !ok || f != math.Trunc(f) || math.Abs(f) > 1<<62 {
		return Implausible
	}
	*v = Value{Type: Int, Num: int64(f)}
	return ""
}

func float(_ *Ctx, v *Value) Reason {
	f, ok := number(v)
	if !ok {
		return Implausible
	}
	v.setFloat(f)
	return ""
}

func boolean(_ *Ctx, v *Value) Reason {
	s := strings.ToLower(v.String())
	switch s {
	case "true", "t", "1", "yes", "y", "on", "enabled", "ja", "oui", "si", "sí", "sì", "tak", "sim", "vrai", "wahr", "x":
		*v = Value{Type: Bool, Num: 1}
	case "false", "f", "0", "no", "n", "off", "disabled", "nein", "non", "nie", "não", "nao", "faux", "falsch":
		*v = Value{Type: Bool}
	default:
		*v = Value{}
		return Unread
	}
	return ""
}

// maxAmount is the amount of one payment to one person beyond which a figure is
// taken for damaged.
const maxAmount = 1e12

// money reads an amount with currency signs and either way of writing decimals:
// "1.234,50 €", "$1,234.50", "(12.00)", "1'234.-".
func money(_ *Ctx, v *Value) Reason {
	s, ok := text(v)
	if !ok || scientific(s) {
		return Implausible
	}
	var num []byte
	negative := strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")")
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c == '.' || c == ',':
			num = append(num, c)
		case c == '-' && (len(num) == 0 || i == len(s)-1 && num[len(num)-1] != '.'):
			negative = true
		}
	}
	text := plainNumber(strings.Trim(string(num), ".,"))
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f > maxAmount {
		return Implausible
	}
	if negative {
		f = -f
	}
	v.setFloat(f)
	return ""
}

// plainNumber decides which of . and , is the decimal sign: the last one if both
// digitMarks part the groups of digits in a number.
var digitMarks = strings.NewReplacer(".", "", ",", "")

// occur; a single one unless it stands before exactly three digits.
func plainNumber(s string) string {
	dot, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	last := max(dot, comma)
	if last < 0 {
		return s
	}
	sign := s[last : last+1]
	decimal := dot >= 0 && comma >= 0
	if !decimal {
		groups := strings.Count(s, sign) > 1 || len(s)-last-1 == 3 && last <= 3 && s[0] != '0'
		decimal = !groups
	}
	if decimal && strings.Count(s, sign) > 1 {
		decimal = false
	}
	if !decimal {
		return digitMarks.Replace(s)
	}
	return digitMarks.Replace(s[:last]) + "." + s[last+1:]
}
