package frame

import "io"

// frameDocument makes one row of a whole document. isText documents are decoded.
func frameDocument(s *sink, r io.Reader, isText bool, limit int) {
	data, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	switch {
	case err != nil:
		s.fault(readFault(err), nil)
		return
	case len(data) > limit:
		s.fault(Fault{File: true, Line: 1, Reason: ReasonTooLong, Text: "document is larger than " + sizeText(int64(limit))}, nil)
		return
	}
	if isText {
		text, ok := decodeText(data, lineMark(data))
		if !ok {
			s.fault(Fault{File: true, Line: 1, Reason: ReasonEncoding, Text: textCharset}, data)
			return
		}
		data = text
	}
	s.row(Row{Line: 1, Data: data})
}
