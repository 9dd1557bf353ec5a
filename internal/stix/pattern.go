package stix

import (
	"errors"
	"fmt"
	"strings"
)

// Comparison is one test of a pattern: ipv4-addr:value = '198.51.100.7'.
type Comparison struct {
	Object string   // ipv4-addr
	Path   string   // value; names in quotes are given without them
	Op     string   // =, !=, IN, LIKE, MATCHES, ISSUBSET, ...
	Not    bool     // the test is negated
	Values []string // more than one for IN
	Chain  int      // tests of the same number are joined by AND
}

// String returns the test as it could stand in a pattern.
func (c Comparison) String() string {
	not := ""
	if c.Not {
		not = "NOT "
	}
	return fmt.Sprintf("%s:%s %s%s '%s'", c.Object, c.Path, not, c.Op, strings.Join(c.Values, "', '"))
}

// What makes a pattern more than a list of values.
var (
	errOrdered   = errors.New("the order or number of observations matters (FOLLOWEDBY, REPEATS, WITHIN, START)")
	errDeep      = errors.New("the pattern is too deep")
	errNoPattern = errors.New("not a pattern")
)

// maxDepth is the number of brackets inside each other.
const maxDepth = 32

// ParsePattern returns the tests of a STIX pattern. The error says what about it
// is not understood.
func ParsePattern(s string) ([]Comparison, error) {
	list, err := tokens(s)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: list}
	if err := p.observations(0); err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != tokenEnd {
		return nil, fmt.Errorf("unexpected %q at %d", t.text, t.at)
	}
	return p.out, nil
}

type parser struct {
	tokens []token
	at     int
	chain  int
	out    []Comparison
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.kind != tokenEnd {
		p.at++
	}
	return t
}

func (p *parser) take(kind tokenKind, text string) bool {
	if t := p.peek(); t.kind == kind && strings.EqualFold(t.text, text) {
		p.at++
		return true
	}
	return false
}

// observations reads [..] AND [..] OR ([..]).
func (p *parser) observations(depth int) error {
	if depth > maxDepth {
		return errDeep
	}
	for {
		switch {
		case p.take(tokenSign, "["):
			if err := p.comparisons(depth + 1); err != nil {
				return err
			}
			if !p.take(tokenSign, "]") {
				return fmt.Errorf("] is missing at %d", p.peek().at)
			}
			p.chain++
		case p.take(tokenSign, "("):
			if err := p.observations(depth + 1); err != nil {
				return err
			}
			if !p.take(tokenSign, ")") {
				return fmt.Errorf(") is missing at %d", p.peek().at)
			}
		default:
			return errNoPattern
		}
		t := p.peek()
		if t.kind != tokenWord {
			return nil
		}
		switch strings.ToUpper(t.text) {
		case "AND", "OR":
			p.at++
		case "FOLLOWEDBY", "REPEATS", "WITHIN", "START":
			return errOrdered
		default:
			return fmt.Errorf("unexpected %q at %d", t.text, t.at)
		}
	}
}

// comparisons reads tests joined by AND and OR; AND binds closer.
func (p *parser) comparisons(depth int) error {
	if depth > maxDepth {
		return errDeep
	}
	for {
		if p.take(tokenSign, "(") {
			if err := p.comparisons(depth + 1); err != nil {
				return err
			}
			if !p.take(tokenSign, ")") {
				return fmt.Errorf(") is missing at %d", p.peek().at)
			}
		} else if err := p.comparison(); err != nil {
			return err
		}
		switch {
		case p.take(tokenWord, "AND"):
		case p.take(tokenWord, "OR"):
			p.chain++
		default:
			return nil
		}
	}
}

func (p *parser) comparison() error {
	t := p.next()
	if t.kind == tokenWord && strings.EqualFold(t.text, "EXISTS") || t.kind == tokenWord && strings.EqualFold(t.text, "NOT") {
		t = p.next() // [EXISTS windows-registry-key:values]
		if t.kind == tokenPath {
			c := pathOf(t.text)
			c.Op, c.Chain = "EXISTS", p.chain
			p.out = append(p.out, c)
			return nil
		}
	}
	if t.kind != tokenPath {
		return fmt.Errorf("a property is missing at %d", t.at)
	}
	c := pathOf(t.text)
	c.Chain = p.chain
	c.Not = p.take(tokenWord, "NOT")
	op := p.next()
	switch {
	case op.kind == tokenSign && strings.Trim(op.text, "=!<>") == "":
		c.Op = strings.Replace(op.text, "==", "=", 1)
	case op.kind == tokenWord:
		c.Op = strings.ToUpper(op.text)
	default:
		return fmt.Errorf("an operator is missing at %d", op.at)
	}
	if p.take(tokenSign, "(") {
		for {
			if err := p.literal(&c); err != nil {
				return err
			}
			if p.take(tokenSign, ")") {
				break
			}
			if !p.take(tokenSign, ",") {
				return fmt.Errorf(", or ) is missing at %d", p.peek().at)
			}
		}
	} else if err := p.literal(&c); err != nil {
		return err
	}
	p.out = append(p.out, c)
	return nil
}

func (p *parser) literal(c *Comparison) error {
	t := p.next()
	if t.kind != tokenText && t.kind != tokenNumber {
		return fmt.Errorf("a value is missing at %d", t.at)
	}
	c.Values = append(c.Values, t.text)
	return nil
}

func pathOf(text string) Comparison {
	object, path, _ := strings.Cut(text, ":")
	return Comparison{Object: strings.ToLower(object), Path: strings.ReplaceAll(path, "'", "")}
}
