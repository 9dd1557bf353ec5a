package frame

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"
)

// xlsxRows is the number of rows a worksheet may have (Excel specifications and limits).
const xlsxRows = 1 << 20

// sheetInMemory is the size of a worksheet's XML above which excelize keeps it in
// a temporary file.
const sheetInMemory = 16 << 20

// openXLSX opens a workbook so that its cells read as text: dates as ISO 8601,
// numbers plain, everything else as it stands.
func openXLSX(data []byte, limits Limits) (f *excelize.File, err error) {
	defer recoverAs(&err)
	f, err = excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: min(limits.Expanded, 1<<31), UnzipXMLSizeLimit: sheetInMemory,
	})
	if err != nil {
		return nil, err
	}
	return f, plainFormats(f)
}

// recoverAs turns a panic of a library on broken input into an error.
func recoverAs(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("the file is broken: %v", r)
	}
}

// Number formats that dates and times are shown in, whatever the workbook says.
const (
	isoDate     = `yyyy-mm-dd`
	isoDateTime = `yyyy-mm-dd"T"hh:mm:ss`
	isoTime     = `hh:mm:ss`
)

// plainFormats replaces the workbook's number formats in memory: dates become
// ISO, formats made of zeros (postal codes, routing numbers) stay, all others are
// dropped, so that no currency sign, rounding or locale gets into a value.
func plainFormats(f *excelize.File) error {
	ids := map[string]int{}
	for _, code := range []string{isoDate, isoDateTime, isoTime} {
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
		if err != nil {
			return err
		}
		if id := f.Styles.CellXfs.Xf[style].NumFmtID; id != nil {
			ids[code] = *id
		}
	}
	codes := map[int]string{}
	if f.Styles.NumFmts != nil {
		for _, n := range f.Styles.NumFmts.NumFmt {
			codes[n.NumFmtID] = n.FormatCode
		}
	}
	for i := range f.Styles.CellXfs.Xf {
		xf := &f.Styles.CellXfs.Xf[i]
		if xf.NumFmtID == nil {
			continue
		}
		id := *xf.NumFmtID
		code, custom := codes[id]
		kind := dateKind(id, code)
		switch {
		case kind != "":
			id = ids[kind]
		case custom && allZeros.MatchString(code):
		default:
			id = 0
		}
		xf.NumFmtID = &id
	}
	return nil
}

var (
	allZeros   = regexp.MustCompile(`^0+$`)
	formatNote = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^hms\]][^\]]*\]|;.*$`)
)

// dateKind returns the ISO format for a number format, "" if it is not one of a
// date. The numbers are the built-in formats of ECMA-376 part 1, 18.8.30.
func dateKind(id int, code string) string {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return isoDate
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 47, id == 55, id == 56:
		return isoTime
	case id == 22:
		return isoDateTime
	}
	code = strings.ToLower(formatNote.ReplaceAllString(code, ""))
	if strings.Contains(code, "general") || strings.ContainsAny(code, "0#?@[") && !strings.Contains(code, "yy") {
		return ""
	}
	day := strings.ContainsAny(code, "yd") || strings.Contains(code, "mmm")
	clock := strings.ContainsAny(code, "hs")
	switch {
	case day && clock:
		return isoDateTime
	case day:
		return isoDate
	case clock:
		return isoTime
	}
	return ""
}

// sheetReader reads the rows of a worksheet.
type sheetReader struct {
	rows *excelize.Rows
	line int
}

// next returns the next row that is not blank.
func (r *sheetReader) next() (row tableRow, ok bool, err error) {
	defer recoverAs(&err)
	for r.rows.Next() {
		r.line++
		if r.line > xlsxRows {
			return row, false, limitError("a worksheet has more than 1,048,576 rows")
		}
		cells, err := r.rows.Columns()
		if err != nil {
			return row, false, err
		}
		if !blank(cells) {
			return tableRow{line: r.line, cells: cells}, true, nil
		}
	}
	return row, false, r.rows.Error()
}

// sniffSheet reads the first rows of a worksheet and finds its header.
func sniffSheet(r *sheetReader, opt *Options) (look tableLook, first []tableRow, err error) {
	var seen []sniffedRow
	for len(first) < sniffRows {
		row, ok, err := r.next()
		if err != nil || !ok {
			return finishSheet(seen, opt), first, err
		}
		first = append(first, row)
		seen = append(seen, sniffedRow{cells: row.cells, line: row.line})
	}
	return finishSheet(seen, opt), first, nil
}

// finishSheet pads the rows, whose trailing blank cells are left out by Excel,
// before looking for the header.
func finishSheet(seen []sniffedRow, opt *Options) tableLook {
	l := tableLook{format: "xlsx"}
	l.find(seen, opt.IsHeader)
	return l
}

// frameSheet frames the rows behind the header: first are those already read.
func frameSheet(s *sink, r *sheetReader, first []tableRow, header []string, limits Limits) {
	t := &table{s: s, header: header, trims: true}
	for _, row := range first {
		if !frameSheetRow(t, row, limits) {
			return
		}
	}
	for {
		row, ok, err := r.next()
		if err != nil {
			fault := readFault(err)
			fault.Line = r.line
			t.settle()
			s.fault(fault, nil)
			return
		}
		if !ok {
			break
		}
		if !frameSheetRow(t, row, limits) {
			return
		}
	}
	t.settle()
}

func frameSheetRow(t *table, row tableRow, limits Limits) bool {
	for _, c := range row.cells {
		if len(c) > limits.Field {
			return t.s.fault(Fault{Line: row.line, Reason: ReasonTooLong, Text: "cell is longer than " + sizeText(int64(limits.Field))}, []byte(c))
		}
	}
	if len(row.cells) > limits.Columns {
		return t.s.fault(Fault{Line: row.line, Reason: ReasonLimit, Text: "too many columns"}, nil)
	}
	// A worksheet cannot break a row into pieces: short rows only lack blank cells.
	cells := t.room(max(len(row.cells), len(t.header)))
	cells = append(cells, row.cells...)
	for len(cells) < len(t.header) {
		cells = append(cells, "")
	}
	row.cells = cells
	row.raw = []byte(strings.Join(cells, ","))
	return t.add(row)
}

// isEncryptedXLSX reports that a workbook needs a password.
func isEncryptedXLSX(err error) bool {
	return errors.Is(err, excelize.ErrWorkbookFileFormat) || errors.Is(err, excelize.ErrUnsupportedEncryptMechanism)
}
