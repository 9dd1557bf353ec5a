package all

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"muster/internal/record"
	"muster/internal/source"
	"muster/internal/source/frame"

	"github.com/xuri/excelize/v2"
)

// family is a kind of format: generated input of a few MB, and the plain decode of
// the same bytes by the standard library.
type family struct {
	name  string
	ext   string
	make  func(testing.TB) []byte
	plain func([]byte) error
	files int // copies in the folder; 0 is one
}

// benchBytes is the size of the input of a family.
const benchBytes = 3 << 20

// repeated makes input of numbered rows.
func repeated(head string, row func(i int) string, tail string) func(testing.TB) []byte {
	return func(testing.TB) []byte {
		var b bytes.Buffer
		b.WriteString(head)
		for i := 0; b.Len() < benchBytes; i++ {
			b.WriteString(row(i))
		}
		b.WriteString(tail)
		return b.Bytes()
	}
}

func families() []family {
	event := func(i int) string {
		return fmt.Sprintf(`{"uuid":"%08x","published":"2026-03-02T08:%02d:%02d.123Z","eventType":"user.session.start","actor":{"id":"00u%d","type":"User","alternateId":"worker%d@example.com","displayName":"Worker %d"},"client":{"userAgent":{"rawUserAgent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)","os":"Mac OS X"},"ipAddress":"192.0.2.%d","geographicalContext":{"city":"Springfield","state":"Illinois","country":"United States"}},"outcome":{"result":"SUCCESS"},"securityContext":{"asNumber":64500},"target":[{"id":"a","type":"AppInstance"}]}`, i, i/60%60, i%60, i%3000, i%3000, i%3000, i%250)
	}
	cells := func(i int) []string {
		return []string{fmt.Sprintf("E%d", i), fmt.Sprintf("First%d", i), "Last", fmt.Sprintf("user%d@example.com", i), fmt.Sprintf("2026-03-%02d", i%28+1), "Engineer", fmt.Sprintf("Main Street %d, Flat 2", i), "Springfield", "US"}
	}
	header := []string{"Employee ID", "First Name", "Last Name", "Work Email", "Hire Date", "Job Title", "Address", "City", "Country"}
	const transfer = `<CdtTrfTxInf><PmtId><EndToEndId>E%d</EndToEndId></PmtId><Amt><InstdAmt Ccy="EUR">3100.50</InstdAmt></Amt><CdtrAgt><FinInstnId><BICFI>COBADEFFXXX</BICFI></FinInstnId></CdtrAgt><Cdtr><Nm>Person %d</Nm></Cdtr><CdtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></CdtrAcct></CdtTrfTxInf>` + "\n"
	return []family{
		{"JSON array", "json", repeated("[", func(i int) string { return strings.Repeat(",", min(i, 1)) + event(i) }, "]"), plainJSON, 0},
		{"NDJSON", "ndjson", repeated("", func(i int) string { return event(i) + "\n" }, ""), plainJSON, 0},
		{"CSV", "csv", repeated(csvLine(header, ','), func(i int) string { return csvLine(cells(i), ',') }, ""), plainCSV(','), 0},
		{"TSV", "tsv", repeated(csvLine(header, '\t'), func(i int) string { return csvLine(cells(i), '\t') }, ""), plainCSV('\t'), 0},
		{"XLSX", "xlsx", func(t testing.TB) []byte { return workbook(t, header, cells, 25_000) }, plainZip, 0},
		{"XML, pain.001", "xml", repeated(`<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn><GrpHdr><MsgId>M</MsgId><CreDtTm>2026-05-27T09:00:00</CreDtTm></GrpHdr><PmtInf><PmtInfId>P</PmtInfId><ReqdExctnDt><Dt>2026-05-29</Dt></ReqdExctnDt>`, func(i int) string { return fmt.Sprintf(transfer, i, i) }, `</PmtInf></CstmrCdtTrfInitn></Document>`), plainXML, 0},
		{"XML, UBL invoices", "xml", fixture("ubl_invoices/testdata/invoice.xml"), plainXML, 400},
		{"CEF lines", "log", repeated("", func(i int) string {
			return fmt.Sprintf("<134>Mar  2 08:01:10 gw-01 CEF:0|Example Networks|Gate|4.1|1001|VPN login|3|rt=%d suser=kim%d@example.com src=203.0.113.%d shost=LT-1001 outcome=success act=login msg=tunnel a\\=b opened cs1=Staff cs1Label=Group\n", 1772438470000+i, i%900, i%250)
		}, ""), plainLines, 0},
		{"PAN-OS lines", "log", repeated("", func(i int) string {
			return fmt.Sprintf("1,2026/03/02 08:02:10,012345000001,GLOBALPROTECT,0,2305,2026/03/02 08:02:10,vsys1,gateway-auth,login,RADIUS,,example\\kim%d,US,LT-1001,203.0.113.%d,0.0.0.0,10.20.0.5,0.0.0.0,2f1f3a52-0000-4000-8000-000000000001,SYN1001,6.2.1,Windows,Windows 11,1,,,,success,,0,,0,GP-Gateway,%d,0x0\n", i%900, i%250, 7000000000000000+i)
		}, ""), plainLines, 0},
		{"SWIFT messages", "txt", repeated("", func(i int) string {
			return fmt.Sprintf("{1:F01EXAMPLEXXXX0000000000}{2:I103EXAMPLEYXXXXN}{3:{121:00000000-0000-4000-8000-%012d}}{4:\r\n:20:PAY-%d\r\n:23B:CRED\r\n:32A:260515USD2500,50\r\n:50K:/DE02120300000000202051\r\nEXAMPLE GMBH\r\n:57A:EXMPUS33XXX\r\n:59:/000111222333\r\nROBIN PLACEHOLDER\r\n12 SAMPLE ROAD\r\n:71A:SHA\r\n-}\r\n", i, i)
		}, ""), plainLines, 0},
		{"Fedwire messages", "txt", repeated("", func(i int) string {
			return fmt.Sprintf("{1500}30User ReqT \n{1510}1000\n{1520}20260515EXAMPLE1%06d\n{2000}000000250050\n{3100}021000021Example Bank*\n{3400}021000021Example Bank*\n{3600}CTR   *\n{3320}PAY-%d*\n{4200}D000111222333*Robin Placeholder*12 Sample Road*Springfield*\n{5000}D999*Example GmbH*\n", i%1_000_000, i)
		}, ""), plainLines, 0},
		{"NACHA", "ach", func(testing.TB) []byte { return nachaFile(30_000) }, plainLines, 0},
		{"git log", "log", repeated("", func(i int) string {
			return fmt.Sprintf("commit %040x\nAuthor:     Alex Example <alex%d@example.com>\nAuthorDate: Mon Mar 2 09:15:00 2026 +0100\nCommit:     GitHub <noreply@example.com>\nCommitDate: Mon Mar 2 09:16:00 2026 +0000\n\n    Change number %d\n\n", i+1, i%90, i)
		}, ""), plainLines, 0},
		{"DOCX", "docx", docx, plainZip, 40},
		{"PDF", "pdf", page, plainPDF, 40},
		{"STIX", "json", repeated(`{"type":"bundle","id":"bundle--00000000-0000-4000-8000-000000000000","objects":[`, func(i int) string {
			return strings.Repeat(",", min(i, 1)) + fmt.Sprintf(`{"type":"indicator","spec_version":"2.1","id":"indicator--00000000-0000-4000-8000-%012d","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","pattern":"[email-addr:value = 'a%d@example.net']","pattern_type":"stix","valid_from":"2026-01-01T00:00:00Z","labels":["malicious-activity"]}`, i, i)
		}, `]}`), plainJSON, 0},
		{"MISP", "json", repeated(`{"Event":{"uuid":"00000000-0000-4000-8000-000000000000","info":"workers","date":"2026-01-01","timestamp":"1767225600","Attribute":[`, func(i int) string {
			return strings.Repeat(",", min(i, 1)) + fmt.Sprintf(`{"uuid":"00000000-0000-4000-8000-%012d","type":"email-src","category":"Network activity","value":"a%d@example.net","timestamp":"1767225600","to_ids":true}`, i, i)
		}, `]}}`), plainJSON, 0},
	}
}

// BenchmarkFamilies reads each family of formats in two ways, cut into rows only,
// and as records with all mappings of the house, beside the plain decode of the
// same bytes by the standard library. MB are of the file as it lies on disk;
// figures are per second of one processor's time.
func BenchmarkFamilies(b *testing.B) {
	maps, codes, err := Load("")
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range families() {
		b.Run(f.name, func(b *testing.B) {
			data := f.make(b)
			dir, n := b.TempDir(), max(f.files, 1)
			for i := range n {
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("resume_%03d.%s", i, f.ext)), data, 0o600); err != nil {
					b.Fatal(err)
				}
			}
			size := float64(n*len(data)) / 1e6
			b.SetBytes(int64(n * len(data)))
			var plain, cut, whole time.Duration
			rounds, records := 0, 0
			for b.Loop() {
				rounds++
				records = 0
				plain += spent(b, func() error {
					for range n {
						if err := f.plain(data); err != nil {
							return err
						}
					}
					return nil
				})
				cut += spent(b, func() error { return cutRows(b.Context(), dir) })
				whole += spent(b, func() error {
					_, err := source.Read(b.Context(), []string{dir}, source.Options{Mappings: maps, Codes: codes, Key: []byte("bench"), Workers: 1}, func(record.Record) error { records++; return nil })
					return err
				})
			}
			if records == 0 {
				b.Fatal("no record was read")
			}
			rate := func(d time.Duration) float64 { return size * float64(rounds) / d.Seconds() }
			b.ReportMetric(rate(plain), "plain-MB/s")
			b.ReportMetric(rate(cut), "rows-MB/s")
			b.ReportMetric(rate(whole), "records-MB/s")
			b.ReportMetric(rate(cut)/rate(plain), "rows/plain")
			b.ReportMetric(rate(whole)/rate(plain), "records/plain")
		})
	}
}

func spent(b *testing.B, do func() error) time.Duration {
	b.Helper()
	before := cpuTime(b)
	if err := do(); err != nil {
		b.Fatal(err)
	}
	return cpuTime(b) - before
}

func cutRows(ctx context.Context, dir string) error {
	known := func(object []byte) bool { return bytes.Contains(object[:min(len(object), 64)], []byte(`"uuid"`)) }
	opt := frame.Options{Limits: frame.DefaultLimits(), IsRecord: known, IsHeader: func(cells []string) int { return len(cells) }}
	return frame.Walk(ctx, []string{dir}, opt, func(s *frame.Stream) error {
		for range s.Batches(ctx) {
		}
		return nil
	})
}

func csvLine(cells []string, comma rune) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = comma
	_ = w.Write(cells) // into memory
	w.Flush()
	return b.String()
}

func fixture(path string) func(testing.TB) []byte {
	return func(t testing.TB) []byte {
		text, err := os.ReadFile(filepath.Join("..", "mapping", path))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
}

func plainJSON(data []byte) error {
	for d := json.NewDecoder(bytes.NewReader(data)); ; {
		var v any
		if err := d.Decode(&v); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func plainCSV(comma rune) func([]byte) error {
	return func(data []byte) error {
		r := csv.NewReader(bytes.NewReader(data))
		r.Comma = comma
		for {
			if _, err := r.Read(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	}
}

func plainXML(data []byte) error {
	for d := xml.NewDecoder(bytes.NewReader(data)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func plainLines(data []byte) error {
	s := bufio.NewScanner(bytes.NewReader(data))
	for s.Scan() {
		_ = s.Text()
	}
	return s.Err()
}

func plainZip(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".xml") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		text, err := io.ReadAll(r)
		if err = errors.Join(err, r.Close()); err != nil {
			return err
		}
		if err := plainXML(text); err != nil {
			return err
		}
	}
	return nil
}

var streams = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)

// plainPDF inflates the streams, which is all the standard library knows of PDF.
func plainPDF(data []byte) error {
	for _, m := range streams.FindAllSubmatch(data, -1) {
		r, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			return err
		}
	}
	return nil
}

func workbook(t testing.TB, header []string, cells func(int) []string, rows int) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	w, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		list := header
		if i > 0 {
			list = cells(i)
		}
		row := make([]any, len(list))
		for k, v := range list {
			row[k] = v
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := errors.Join(w.Flush(), book.Write(&b)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// prose is the text of a résumé of some pages.
func prose(line func(string)) {
	line("Alex Example")
	line("alex@example.com")
	line("Experience")
	for i := range 400 {
		line(fmt.Sprintf("Built service number %d for example studio and kept it running for years with care and tests.", i))
	}
}

func docx(t testing.TB) []byte {
	var text strings.Builder
	text.WriteString(`<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	prose(func(s string) { text.WriteString("<w:p><w:r><w:t>" + s + "</w:t></w:r></w:p>") })
	text.WriteString("</w:body></w:document>")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"word/document.xml", text.String()},
	} {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = io.WriteString(w, part[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// page is a PDF file of one long page.
func page(testing.TB) []byte {
	var content, packed, b bytes.Buffer
	content.WriteString("BT /F1 10 Tf 12 TL 40 4900 Td\n")
	prose(func(s string) { fmt.Fprintf(&content, "(%s) Tj T*\n", s) })
	content.WriteString("ET\n")
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(content.Bytes()) // into memory
	_ = z.Close()
	b.WriteString("%PDF-1.4\n")
	var at []int
	object := func(text string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), text)
	}
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 5000] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>")
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	object(fmt.Sprintf("<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream", packed.Len(), packed.String()))
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return b.Bytes()
}

// nachaFile is a file of one batch of credits with control totals that agree.
func nachaFile(entries int) []byte {
	var b bytes.Buffer
	b.WriteString("101 09100001912345678902603300930A094101EXAMPLE BANK           EXAMPLE GMBH                   \n")
	b.WriteString("5220EXAMPLE GMBH                        1234567890PPDPAYROLL         260331   1091000010000001\n")
	for i := range entries {
		fmt.Fprintf(&b, "622091000019%-17d0000100000E%-14d%-22s  0%08d%07d\n", 100000000+i, i, fmt.Sprintf("PERSON %d", i), 9100001, i+1)
	}
	hash := entries * 9100001 % 1e10
	fmt.Fprintf(&b, "8220%06d%010d%012d%012d1234567890%25s%08d%07d\n", entries, hash, 0, entries*100000, "", 9100001, 1)
	lines := 4 + entries
	blocks := (lines + 9) / 10
	fmt.Fprintf(&b, "9%06d%06d%08d%010d%012d%012d%39s\n", 1, blocks, entries, hash, 0, entries*100000, "")
	for range blocks*10 - lines {
		b.WriteString(strings.Repeat("9", 94) + "\n")
	}
	return b.Bytes()
}
