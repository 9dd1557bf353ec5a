package transform

import (
	"fmt"
	"slices"
	"strings"
)

// Static is what is known of a value when a mapping is loaded.
type Static struct {
	Type Type
	List bool
}

// String returns the words used in error messages.
func (s Static) String() string {
	if s.List {
		return "list of " + s.Type.String()
	}
	return s.Type.String()
}

// Step is one transform with its argument.
type Step struct {
	Name string
	Arg  string
	Out  Static
	// Dates says that the step reads dates whose order of day and month may have
	// to be decided over the whole column.
	Dates bool

	whole  bool // takes a list as a whole
	absent bool // also runs on an absent value
	run    func(*Ctx, *Value) Reason
}

// spec describes a transform of the closed list.
type spec struct {
	in     []Type // accepted; a list of these is accepted element by element
	out    Type
	whole  bool // takes and gives lists as a whole
	absent bool
	arg    argRule
	dates  bool
	run    func(*Ctx, *Value) Reason                           // without argument
	build  func(arg string) (func(*Ctx, *Value) Reason, error) // with argument, "" if none is given
}

type argRule uint8

const (
	noArg argRule = iota
	mayArg
	mustArg
)

var (
	texts = []Type{Scalar, Text}
	jsons = []Type{Scalar, Text, JSON}
	any1  = []Type{Scalar, Text, Int, Float, Bool, Time, Date, IP, Phone, URL, Place, Address, Handle, JSON}
)

// New returns the step that spec ("lower", "phone(US)") names, applied to values
// of type in.
func New(text string, in Static) (*Step, error) {
	name, arg, hasArg := text, "", false
	if i := strings.IndexByte(text, '('); i >= 0 {
		if !strings.HasSuffix(text, ")") {
			return nil, fmt.Errorf("transform %q: ( without )", text)
		}
		name, arg, hasArg = text[:i], text[i+1:len(text)-1], true
	}
	name = strings.TrimSpace(name)
	s, ok := specs(name)
	if !ok {
		return nil, fmt.Errorf("unknown transform %q", name)
	}
	switch {
	case s.arg == noArg && hasArg:
		return nil, fmt.Errorf("transform %s takes no argument", name)
	case s.arg == mustArg && arg == "":
		return nil, fmt.Errorf("transform %s needs an argument: %s(...)", name, name)
	}
	if !slices.Contains(s.in, in.Type) && !(s.whole && in.List) {
		return nil, fmt.Errorf("transform %s cannot take a %s", name, in)
	}
	step := &Step{Name: name, Arg: arg, whole: s.whole, absent: s.absent, Dates: s.dates, run: s.run}
	if s.build != nil {
		run, err := s.build(arg)
		if err != nil {
			return nil, fmt.Errorf("transform %s: %w", name, err)
		}
		step.run = run
	}
	step.Out = Static{s.out, in.List && !s.whole}
	switch name {
	case "split", "ip_list":
		step.Out.List = true
	case "default":
		step.Out = in
		if in.Type != Scalar {
			step.Out.Type = Text
		}
	}
	return step, nil
}

// Apply runs the step on v in place. A list is mapped element by element unless
// the step is about lists; elements that turn out absent are dropped.
func (s *Step) Apply(c *Ctx, v *Value) Reason {
	if v.Type == None && !s.absent {
		return ""
	}
	if v.Type == List && !s.whole {
		return s.each(c, v)
	}
	return s.run(c, v)
}

func (s *Step) each(c *Ctx, v *Value) Reason {
	in := v.Any.([]Value)
	out := make([]Value, 0, len(in))
	var soft Reason
	for i := range in {
		e := in[i]
		switch r := s.Apply(c, &e); r {
		case "":
		case Unread:
			soft = r
			continue
		default:
			return r
		}
		if e.Type == List {
			out = append(out, e.Any.([]Value)...)
		} else if e.Type != None {
			out = append(out, e)
		}
	}
	*v = ListOf(out)
	return soft
}

// text turns what steps on text were given into text; false if it is none. A
// JSON array is none.
func text(v *Value) (string, bool) {
	switch v.Type {
	case Scalar, Text, Handle:
		return v.Text, true
	case JSON, List, None:
		return "", false
	}
	return v.String(), true
}

// onText makes a step of a function from text to text; "" is absent.
func onText(f func(string) string) func(*Ctx, *Value) Reason {
	return func(_ *Ctx, v *Value) Reason {
		s, ok := text(v)
		if !ok {
			*v = Value{}
			return Unread
		}
		if s = f(s); s == "" {
			*v = Value{}
			return ""
		}
		*v = Value{Type: Text, Text: s, Secret: v.Secret}
		return ""
	}
}
