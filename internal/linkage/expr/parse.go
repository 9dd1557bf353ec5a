package expr

import (
	"strconv"
	"strings"
)

type token struct {
	kind byte // i identifier, q quoted identifier, s string, n number, o operator
	text string
	at   int
}

type parser struct {
	sql    string
	tokens []token
	at     int
	depth  int
}

// deepest bounds nesting: a model file comes from outside.
const deepest = 200

func (p *parser) fail(what string) error {
	at := len(p.sql)
	if p.at < len(p.tokens) {
		at = p.tokens[p.at].at
	}
	return &SyntaxError{SQL: p.sql, Offset: at, What: what}
}

func letter(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
func digit(c byte) bool { return c >= '0' && c <= '9' }

func (p *parser) lex() error {
	s := p.sql
	for i := 0; i < len(s); {
		c, from := s[i], i
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case letter(c):
			for i < len(s) && (letter(s[i]) || digit(s[i])) {
				i++
			}
			p.tokens = append(p.tokens, token{'i', s[from:i], from})
		case digit(c) || c == '.' && i+1 < len(s) && digit(s[i+1]):
			for i < len(s) && (digit(s[i]) || s[i] == '.' || s[i] == 'e' || s[i] == 'E' || (s[i] == '-' || s[i] == '+') && (s[i-1] == 'e' || s[i-1] == 'E')) {
				i++
			}
			p.tokens = append(p.tokens, token{'n', s[from:i], from})
		case c == '\'' || c == '"' || c == '`':
			text, end := quoted(s, i)
			if end < 0 {
				return &SyntaxError{SQL: s, Offset: from, What: "a quote is not closed"}
			}
			kind := byte('q')
			if c == '\'' {
				kind = 's'
			}
			p.tokens = append(p.tokens, token{kind, text, from})
			i = end
		default:
			op := s[i : i+1]
			for _, two := range []string{"<=", ">=", "<>", "!=", "||", "::", "=="} {
				if strings.HasPrefix(s[i:], two) {
					op = two
				}
			}
			if len(op) == 1 && !strings.Contains("=<>+-*/(),.[]", op) {
				return &SyntaxError{SQL: s, Offset: from, What: "unexpected " + strconv.Quote(op)}
			}
			p.tokens = append(p.tokens, token{'o', op, from})
			i += len(op)
		}
	}
	return nil
}

// quoted reads a quoted text from i on and returns it with the offset behind it.
func quoted(s string, i int) (text string, end int) {
	q := s[i]
	var b strings.Builder
	for i++; i < len(s); i++ {
		if s[i] != q {
			b.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == q {
			b.WriteByte(q)
			i++
			continue
		}
		return b.String(), i + 1
	}
	return "", -1
}

func (p *parser) op(texts ...string) (string, bool) {
	if p.at < len(p.tokens) && p.tokens[p.at].kind == 'o' {
		for _, t := range texts {
			if p.tokens[p.at].text == t {
				p.at++
				return t, true
			}
		}
	}
	return "", false
}

func (p *parser) word(w string) bool {
	if p.at < len(p.tokens) && p.tokens[p.at].kind == 'i' && strings.EqualFold(p.tokens[p.at].text, w) {
		p.at++
		return true
	}
	return false
}

func (p *parser) expect(op string) error {
	if _, ok := p.op(op); !ok {
		return p.fail("expected " + op)
	}
	return nil
}

func (p *parser) or() (*Node, error)  { return p.chain("or", p.and) }
func (p *parser) and() (*Node, error) { return p.chain("and", p.not) }

// chain reads a list of parts joined by one word.
func (p *parser) chain(word string, part func() (*Node, error)) (*Node, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > deepest {
		return nil, p.fail("nested too deeply")
	}
	n, err := part()
	if err != nil {
		return nil, err
	}
	for p.word(word) {
		m, err := part()
		if err != nil {
			return nil, err
		}
		if n.Op == word {
			n.Args = append(n.Args, m)
		} else {
			n = &Node{Op: word, Args: []*Node{n, m}}
		}
	}
	return n, nil
}

func (p *parser) not() (*Node, error) {
	if p.word("not") {
		p.depth++
		defer func() { p.depth-- }()
		if p.depth > deepest {
			return nil, p.fail("nested too deeply")
		}
		n, err := p.not()
		return &Node{Op: "not", Args: []*Node{n}}, err
	}
	n, err := p.sum()
	if err != nil {
		return nil, err
	}
	if p.word("is") {
		negated := p.word("not")
		if !p.word("null") {
			return nil, p.fail("expected NULL")
		}
		n = &Node{Op: "isnull", Args: []*Node{n}}
		if negated {
			n = &Node{Op: "not", Args: []*Node{n}}
		}
		return n, nil
	}
	if op, ok := p.op("=", "==", "<>", "!=", "<", "<=", ">", ">="); ok {
		switch op {
		case "==":
			op = "="
		case "!=":
			op = "<>"
		}
		m, err := p.sum()
		return &Node{Op: op, Args: []*Node{n, m}}, err
	}
	return n, nil
}

func (p *parser) sum() (*Node, error)     { return p.binary(p.product, "+", "-", "||") }
func (p *parser) product() (*Node, error) { return p.binary(p.unary, "*", "/") }

func (p *parser) binary(part func() (*Node, error), ops ...string) (*Node, error) {
	n, err := part()
	for err == nil {
		op, ok := p.op(ops...)
		if !ok {
			return n, nil
		}
		var m *Node
		m, err = part()
		n = &Node{Op: op, Args: []*Node{n, m}}
	}
	return nil, err
}

func (p *parser) unary() (*Node, error) {
	if _, ok := p.op("-"); ok {
		n, err := p.primary()
		if err != nil {
			return nil, err
		}
		return &Node{Op: "-", Args: []*Node{{Op: "num"}, n}}, nil
	}
	n, err := p.primary()
	if err != nil {
		return nil, err
	}
	for {
		if _, ok := p.op("::"); !ok {
			return n, nil
		}
		if n, err = p.cast(n); err != nil {
			return nil, err
		}
	}
}

func (p *parser) primary() (*Node, error) {
	if p.at >= len(p.tokens) {
		return nil, p.fail("the condition ends too early")
	}
	t := p.tokens[p.at]
	switch {
	case t.kind == 's':
		p.at++
		return &Node{Op: "str", Text: t.text}, nil
	case t.kind == 'n':
		x, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			return nil, p.fail("no number")
		}
		p.at++
		return &Node{Op: "num", Num: x}, nil
	case t.kind == 'o' && t.text == "(":
		p.at++
		n, err := p.or()
		if err != nil {
			return nil, err
		}
		return n, p.expect(")")
	case t.kind == 'i' && strings.EqualFold(t.text, "null"):
		p.at++
		return &Node{Op: "null"}, nil
	case t.kind == 'i' && p.at+1 < len(p.tokens) && p.tokens[p.at+1].text == "(" && p.tokens[p.at+1].kind == 'o':
		p.at += 2
		return p.call(strings.ToLower(t.text))
	case t.kind == 'i' || t.kind == 'q':
		return p.column()
	}
	return nil, p.fail("unexpected " + strconv.Quote(t.text))
}

func (p *parser) column() (*Node, error) {
	t := p.tokens[p.at]
	p.at++
	if side := strings.ToLower(t.text); side == "l" || side == "r" {
		if _, ok := p.op("."); ok {
			if p.at >= len(p.tokens) || p.tokens[p.at].kind != 'i' && p.tokens[p.at].kind != 'q' {
				return nil, p.fail("expected a column")
			}
			name := p.tokens[p.at].text
			p.at++
			return &Node{Op: "col", Text: name, Side: Side(side[0])}, nil
		}
	}
	if name, side, ok := strings.Cut(t.text, "_"); ok && name != "" {
		if i := strings.LastIndexByte(t.text, '_'); i >= 0 {
			name, side = t.text[:i], strings.ToLower(t.text[i+1:])
		}
		if side == "l" || side == "r" {
			return &Node{Op: "col", Text: name, Side: Side(side[0])}, nil
		}
	}
	p.at--
	return nil, p.fail(t.text + " has no side: write " + t.text + "_l or l." + t.text)
}

// call reads the arguments of a function whose name and bracket are read.
func (p *parser) call(name string) (*Node, error) {
	n := &Node{Op: name}
	if name == "cast" || name == "try_cast" {
		arg, err := p.or()
		if err != nil {
			return nil, err
		}
		if !p.word("as") {
			return nil, p.fail("expected AS")
		}
		if n, err = p.cast(arg); err != nil {
			return nil, err
		}
		return n, p.expect(")")
	}
	if _, ok := p.op(")"); ok {
		return n, nil
	}
	for {
		arg, err := p.or()
		if err != nil {
			return nil, err
		}
		n.Args = append(n.Args, arg)
		if _, ok := p.op(","); ok {
			continue
		}
		return n, p.expect(")")
	}
}

// cast reads a type: texts stay texts, all others become numbers or dates.
func (p *parser) cast(n *Node) (*Node, error) {
	if p.at >= len(p.tokens) || p.tokens[p.at].kind != 'i' {
		return nil, p.fail("expected a type")
	}
	t := strings.ToLower(p.tokens[p.at].text)
	switch t {
	case "varchar", "text", "string":
		t = "to_text"
	case "int", "integer", "bigint", "smallint", "double", "float", "real", "decimal", "numeric":
		t = "to_number"
	case "date", "timestamp":
		t = "to_date"
	default:
		return nil, p.fail("unknown type " + t)
	}
	p.at++
	return &Node{Op: t, Args: []*Node{n}}, nil
}
