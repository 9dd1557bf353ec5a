package pdf

import (
	"math"
	"strconv"
)

// number reads a number as programs write them: signs may be doubled, exponents do
// not exist.
func number(w []byte) (any, bool) {
	i, negative := 0, false
	for i < len(w) && (w[i] == '-' || w[i] == '+') {
		negative = negative || w[i] == '-'
		i++
	}
	digits, point := 0, -1
	for k := i; k < len(w); k++ {
		switch {
		case w[k] >= '0' && w[k] <= '9':
			digits++
		case w[k] == '.' && point < 0:
			point = k
		case w[k] == '-' && digits > 0: // "12-34": some programs write it, readers take 12
			w = w[:k]
		default:
			return nil, false
		}
	}
	if digits == 0 {
		return 0, point >= 0 && len(w) == 1
	}
	if point < 0 && digits <= 15 {
		n := 0
		for _, c := range w[i:] {
			n = n*10 + int(c-'0')
		}
		if negative {
			n = -n
		}
		return n, true
	}
	v, err := strconv.ParseFloat(string(w[i:]), 64)
	if err != nil || math.Abs(v) > 1e15 {
		v = 0
	}
	if negative {
		v = -v
	}
	return v, true
}

// float returns a number; 0 for anything else.
func float(v any) float64 {
	switch n := v.(type) {
	case int:
		return float64(n)
	case float64:
		return n
	}
	return 0
}

// integer returns a number without its fraction; 0 for anything else.
func integer(v any) int {
	switch n := v.(type) {
	case int:
		return n
	case float64:
		return int(n)
	}
	return 0
}
