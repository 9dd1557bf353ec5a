package frame

import "unicode/utf8"

// appendJSON writes the element as a JSON value. inside are the elements that are
// open inside it, from the outermost: the last member follows them.
func (e *xmlNode) appendJSON(b []byte, inside []*xmlNode) []byte {
	if len(e.attrs) == 0 && len(e.children) == 0 && len(inside) == 0 {
		if len(e.text) == 0 {
			return append(b, "null"...)
		}
		return appendString(b, e.text)
	}
	b = append(b, '{')
	for _, a := range e.attrs {
		b = append(appendName(comma(b), "@"+a.Name.Local), ':')
		b = appendString(b, []byte(a.Value))
	}
	if len(e.text) > 0 {
		b = append(appendName(comma(b), "#text"), ':')
		b = appendString(b, e.text)
	}
	b = e.appendMembers(b)
	if len(inside) > 0 {
		b = append(appendName(comma(b), inside[0].name), ':')
		b = inside[0].appendJSON(b, inside[1:])
	}
	return append(b, '}')
}

// appendMembers writes the children in order, those of one name together.
func (e *xmlNode) appendMembers(b []byte) []byte {
	byName := make(map[string][]*xmlNode, len(e.children))
	for _, c := range e.children {
		byName[c.name] = append(byName[c.name], c)
	}
	for _, c := range e.children {
		same := byName[c.name]
		if same == nil {
			continue
		}
		byName[c.name] = nil
		b = append(appendName(comma(b), c.name), ':')
		if len(same) == 1 {
			b = c.appendJSON(b, nil)
			continue
		}
		b = append(b, '[')
		for i, one := range same {
			if i > 0 {
				b = append(b, ',')
			}
			b = one.appendJSON(b, nil)
		}
		b = append(b, ']')
	}
	return b
}

func comma(b []byte) []byte {
	if b[len(b)-1] == '{' {
		return b
	}
	return append(b, ',')
}

func appendName(b []byte, name string) []byte { return appendString(b, []byte(name)) }

// appendString writes a JSON string (RFC 8259, section 7).
func appendString(b, s []byte) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ':
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		case c < utf8.RuneSelf:
			b = append(b, c)
		default:
			r, n := utf8.DecodeRune(s[i:])
			b = utf8.AppendRune(b, r)
			i += n
			continue
		}
		i++
	}
	return append(b, '"')
}
