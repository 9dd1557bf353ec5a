package pair

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"muster/internal/linkage/expr"
)

// value is what an expression over one row gives: a text, and for numbers their
// float. The empty text is null, as a missing cell is.
type value struct {
	text   string
	num    float64
	isNum  bool
	filled bool
}

func textOf(s string) value { return value{text: s, filled: s != ""} }

func numberOf(x float64) value {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return value{}
	}
	return value{text: strconv.FormatFloat(x, 'g', -1, 64), num: x, isNum: true, filled: true}
}

// number reads a value as a number, dates as days since 1970.
func (v value) number() (float64, bool) {
	if !v.filled {
		return 0, false
	}
	if v.isNum {
		return v.num, true
	}
	return Number(v.text)
}

// Number reads a text as a number: a date in ISO form as seconds since 1970,
// amounts with thousands separators.
func Number(s string) (float64, bool) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return float64(t.Unix()), true
	}
	if x, err := strconv.ParseFloat(s, 64); err == nil {
		return x, !math.IsNaN(x) && !math.IsInf(x, 0)
	}
	x, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimLeft(s, "$€£ "), ",", ""), 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}

// row computes an expression of one side. get returns the value of a column.
type row struct {
	get     func(column string) string
	regexps map[string]*regexp.Regexp
}

// arity of the functions of one row: how many arguments at least and at most.
var arity = map[string][2]int{
	"lower": {1, 1}, "upper": {1, 1}, "trim": {1, 1}, "length": {1, 1}, "len": {1, 1}, "substr": {2, 3}, "substring": {2, 3}, "left": {2, 2}, "right": {2, 2},
	"||": {2, 2}, "concat": {1, 16}, "replace": {3, 3}, "split_part": {3, 3}, "nullif": {2, 2}, "coalesce": {1, 16}, "ifnull": {2, 2}, "regexp_extract": {2, 3},
	"to_text": {1, 1}, "to_number": {1, 1}, "to_date": {1, 1}, "strptime": {2, 2}, "try_strptime": {2, 2}, "epoch": {1, 1}, "year": {1, 1},
	"+": {2, 2}, "-": {2, 2}, "*": {2, 2}, "/": {2, 2}, "abs": {1, 1}, "reverse": {1, 1},
}

// checkRow refuses what cannot be computed from one row.
func checkRow(n *expr.Node) error {
	switch n.Op {
	case "col", "str", "num", "null":
		return nil
	}
	a, ok := arity[n.Op]
	if !ok {
		return fmt.Errorf("the function %s is not known", n.Op)
	}
	if len(n.Args) < a[0] || len(n.Args) > a[1] {
		return fmt.Errorf("%s has %d arguments", n.Op, len(n.Args))
	}
	if n.Op == "regexp_extract" {
		if n.Args[1].Op != "str" {
			return fmt.Errorf("the pattern of regexp_extract must be a text")
		}
		if _, err := regexp.Compile(n.Args[1].Text); err != nil {
			return fmt.Errorf("regexp_extract: %w", err)
		}
	}
	for _, x := range n.Args {
		if err := checkRow(x); err != nil {
			return err
		}
	}
	return nil
}

func (r *row) eval(n *expr.Node) value {
	switch n.Op {
	case "col":
		return textOf(r.get(n.Text))
	case "str":
		return textOf(n.Text)
	case "num":
		return numberOf(n.Num)
	case "null":
		return value{}
	case "coalesce", "ifnull":
		for _, a := range n.Args {
			if v := r.eval(a); v.filled {
				return v
			}
		}
		return value{}
	}
	var few [3]value
	args := few[:]
	if len(n.Args) > len(few) {
		args = make([]value, len(n.Args))
	}
	args = args[:len(n.Args)]
	for i, a := range n.Args {
		args[i] = r.eval(a)
		if !args[i].filled && n.Op != "concat" && n.Op != "nullif" && (n.Op != "replace" || i == 0) {
			return value{}
		}
	}
	if v, ok := r.text(n, args); ok {
		return v
	}
	return arithmetic(n.Op, args)
}

func (r *row) text(n *expr.Node, args []value) (value, bool) {
	s := args[0].text
	at := func(i int) int {
		x, _ := args[i].number()
		return int(max(-1e9, min(x, 1e9)))
	}
	switch n.Op {
	case "lower":
		s = strings.ToLower(s)
	case "upper":
		s = strings.ToUpper(s)
	case "trim":
		s = strings.TrimSpace(s)
	case "reverse":
		runes := []rune(s)
		for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
			runes[i], runes[j] = runes[j], runes[i]
		}
		s = string(runes)
	case "substr", "substring":
		n := math.MaxInt
		if len(args) == 3 {
			n = at(2)
		}
		s = cut(s, at(1)-1, n)
	case "left":
		s = cut(s, 0, at(1))
	case "right":
		s = cut(s, utf8.RuneCountInString(s)-at(1), at(1))
	case "||", "concat":
		var b strings.Builder
		for _, a := range args {
			b.WriteString(a.text)
		}
		s = b.String()
	case "replace":
		s = strings.ReplaceAll(s, args[1].text, args[2].text)
	case "split_part":
		parts := strings.Split(s, args[1].text)
		i := at(2)
		if i < 1 || i > len(parts) {
			return value{}, true
		}
		s = parts[i-1]
	case "nullif":
		if s == args[1].text {
			return value{}, true
		}
		return args[0], true
	case "regexp_extract":
		s = r.extract(s, args)
	case "to_text":
		return textOf(s), true
	case "to_date":
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			return value{}, true
		}
	case "strptime", "try_strptime":
		t, err := time.Parse(layout.Replace(args[1].text), s)
		if err != nil {
			return value{}, true
		}
		s = t.Format(time.DateOnly)
	default:
		return value{}, false
	}
	return textOf(s), true
}

func (r *row) extract(s string, args []value) string {
	re := r.regexps[args[1].text]
	if re == nil {
		re = regexp.MustCompile(args[1].text)
		r.regexps[args[1].text] = re
	}
	group := 0
	if len(args) == 3 {
		x, _ := args[2].number()
		group = int(x)
	}
	if group == 0 {
		if at := re.FindStringIndex(s); at != nil {
			return s[at[0]:at[1]]
		}
		return ""
	}
	m := re.FindStringSubmatch(s)
	if group < 0 || group >= len(m) {
		return ""
	}
	return m[group]
}

// layout turns the marks of strptime into those of Go.
var layout = strings.NewReplacer("%Y", "2006", "%m", "01", "%d", "02", "%H", "15", "%M", "04", "%S", "05", "%y", "06", "%b", "Jan", "%B", "January")

// cut returns n characters from the one at from on, counted in runes as SQL does.
func cut(s string, from, n int) string {
	if n <= 0 {
		return ""
	}
	if from < 0 {
		n = min(n, math.MaxInt/2) + from
		from = 0
	}
	i := 0
	start := -1
	for at := range s {
		if i == from {
			start = at
		}
		if start >= 0 && i-from >= n {
			return s[start:at]
		}
		i++
	}
	if start < 0 {
		return ""
	}
	return s[start:]
}

func arithmetic(op string, args []value) value {
	var x [2]float64
	for i := range min(len(args), 2) {
		n, ok := args[i].number()
		if !ok && op != "length" && op != "len" {
			return value{}
		}
		x[i] = n
	}
	switch op {
	case "length", "len":
		return numberOf(float64(utf8.RuneCountInString(args[0].text)))
	case "to_number", "epoch":
		return numberOf(x[0])
	case "year":
		return numberOf(float64(time.Unix(int64(x[0]), 0).UTC().Year()))
	case "abs":
		return numberOf(math.Abs(x[0]))
	case "+":
		return numberOf(x[0] + x[1])
	case "-":
		return numberOf(x[0] - x[1])
	case "*":
		return numberOf(x[0] * x[1])
	case "/":
		return numberOf(x[0] / x[1])
	}
	return value{}
}
