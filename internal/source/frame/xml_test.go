package frame

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const transfers = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
 <CstmrCdtTrfInitn>
  <GrpHdr><MsgId>M1</MsgId></GrpHdr>
  <PmtInf><PmtInfId>P1</PmtInfId>
   <CdtTrfTxInf><Amt><InstdAmt Ccy="EUR">1.50</InstdAmt></Amt></CdtTrfTxInf>
   <CdtTrfTxInf><Cdtr><Nm>A &amp; "B"</Nm><AdrLine>x</AdrLine><AdrLine>y</AdrLine></Cdtr></CdtTrfTxInf>
  </PmtInf>
  <PmtInf><PmtInfId>P2</PmtInfId><CdtTrfTxInf><PmtId/></CdtTrfTxInf></PmtInf>
 </CstmrCdtTrfInitn>
</Document>`

const statement = `<soap:Envelope xmlns:soap="urn:s"><soap:Body><n:Document xmlns:n="urn:n"><n:BkToCstmrStmt><n:Stmt><n:Id>S</n:Id>
<n:Ntry><n:Sts>BOOK</n:Sts><n:NtryDtls><n:TxDtls><n:Refs>1</n:Refs></n:TxDtls><n:TxDtls><n:Refs>2</n:Refs></n:TxDtls></n:NtryDtls><n:More>late</n:More></n:Ntry>
<n:Ntry><n:Sts>PDNG</n:Sts></n:Ntry>
</n:Stmt></n:BkToCstmrStmt></n:Document></soap:Body></soap:Envelope>`

func TestXMLRows(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []string
		lines    []int
	}{
		{"a row has what stands before it in the elements around it", transfers, []string{
			`{"CstmrCdtTrfInitn":{"GrpHdr":{"MsgId":"M1"},"PmtInf":{"PmtInfId":"P1","CdtTrfTxInf":{"Amt":{"InstdAmt":{"@Ccy":"EUR","#text":"1.50"}}}}}}`,
			`{"CstmrCdtTrfInitn":{"GrpHdr":{"MsgId":"M1"},"PmtInf":{"PmtInfId":"P1","CdtTrfTxInf":{"Cdtr":{"Nm":"A & \"B\"","AdrLine":["x","y"]}}}}}`,
			`{"CstmrCdtTrfInitn":{"GrpHdr":{"MsgId":"M1"},"PmtInf":{"PmtInfId":"P2","CdtTrfTxInf":{"PmtId":null}}}}`,
		}, []int{6, 7, 9}},
		{"details are rows, an entry without them is one", statement, []string{
			`{"BkToCstmrStmt":{"Stmt":{"Id":"S","Ntry":{"Sts":"BOOK","NtryDtls":{"TxDtls":{"Refs":"1"}}}}}}`,
			`{"BkToCstmrStmt":{"Stmt":{"Id":"S","Ntry":{"Sts":"BOOK","NtryDtls":{"TxDtls":{"Refs":"2"}}}}}}`,
			`{"BkToCstmrStmt":{"Stmt":{"Id":"S","Ntry":{"Sts":"PDNG"}}}}`,
		}, []int{2, 2, 3}},
		{"a message without rows is one", `<Document><CstmrPmtStsRpt><OrgnlGrpInfAndSts><GrpSts>RJCT</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>`, []string{
			`{"CstmrPmtStsRpt":{"OrgnlGrpInfAndSts":{"GrpSts":"RJCT"}}}`,
		}, []int{1}},
		{"entries of a report stand alone", `<wd:Report_Data xmlns:wd="urn:w"><wd:Report_Entry><wd:Worker wd:Descriptor="P"/><wd:ID>1</wd:ID></wd:Report_Entry><wd:Report_Entry><wd:ID>2</wd:ID></wd:Report_Entry></wd:Report_Data>`, []string{
			`{"Worker":{"@Descriptor":"P"},"ID":"1"}`, `{"ID":"2"}`,
		}, []int{1, 1}},
		{"a declared charset is read", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><Document><CstmrPmtStsRpt><Nm>M\xFCller</Nm></CstmrPmtStsRpt></Document>", []string{
			`{"CstmrPmtStsRpt":{"Nm":"Müller"}}`,
		}, []int{1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := collectWith(t, []byte(c.in), Options{Limits: DefaultLimits()})[0]
			if r.Shape != ShapeJSON || r.Format != "xml" || len(r.faults) > 0 {
				t.Fatalf("%s %s %v", r.Shape, r.Format, r.faults)
			}
			var got []string
			var lines []int
			for _, row := range r.rows {
				got, lines = append(got, string(row.Data)), append(lines, row.Line)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(c.lines, lines); d != "" {
				t.Errorf("lines: %s", d)
			}
		})
	}
}

func TestXMLRefused(t *testing.T) {
	small := DefaultLimits()
	small.Record, small.Depth = 512, 12
	row := `<CdtTrfTxInf><Id>1</Id></CdtTrfTxInf>`
	message := func(s string) string { return `<Document><CstmrCdtTrfInitn>` + s + `</CstmrCdtTrfInitn></Document>` }
	for _, c := range []struct {
		name, in, reason string
		rows             int
		file             bool
	}{
		{"document type", `<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/hostname">]>` + message(`<CdtTrfTxInf>&x;</CdtTrfTxInf>`), ReasonBadXML, 0, true},
		{"entities that grow", `<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + message(row), ReasonBadXML, 0, true},
		{"entity nobody declared", message(row + `<CdtTrfTxInf>&x;</CdtTrfTxInf>`), ReasonBadXML, 1, true},
		{"cut off", `<Document><CstmrCdtTrfInitn>` + row + `<CdtTrfTxInf><Id>`, ReasonTruncated, 1, true},
		{"crossed tags", message(row + `<a><b></a></b>`), ReasonBadXML, 1, true},
		{"too deep", message(row + strings.Repeat(`<a>`, 20)), ReasonLimit, 1, true},
		{"long row", message(row + `<CdtTrfTxInf>` + strings.Repeat(`<a>1234</a>`, 100) + `</CdtTrfTxInf>` + row), ReasonTooLong, 2, false},
		{"long surroundings", message(row + strings.Repeat(`<a>1234</a>`, 100) + row), ReasonLimit, 1, true},
		{"long text", message(row + `<a>` + strings.Repeat(`x`, 200<<10) + `</a>`), ReasonLimit, 1, true},
		{"long text behind the message", `<Document><CstmrCdtTrfInitn>` + row + `</CstmrCdtTrfInitn><a>` + strings.Repeat(`x`, 200<<10) + `</a></Document>`, ReasonTooLong, 1, true},
		{"charset nobody knows", `<?xml version="1.0" encoding="EBCDIC-CP-FI"?>` + message(row), "", 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := collectWith(t, []byte(c.in), Options{Limits: small})[0]
			if c.reason == "" {
				if r.Shape != ShapeUnknown || r.Why == "" {
					t.Fatalf("read as %s %q", r.Shape, r.Why)
				}
				return
			}
			if len(r.rows) != c.rows || len(r.faults) != 1 || r.faults[0].Reason != c.reason || r.faults[0].File != c.file {
				t.Errorf("%d rows, faults %+v", len(r.rows), r.faults)
			}
		})
	}
}

func TestXMLOthers(t *testing.T) {
	for _, in := range []string{`<kml><Document><Placemark/></Document></kml>`, `<orders><order/></orders>`, `<Document><Other/></Document>`} {
		if r := collectWith(t, []byte(in), Options{Limits: DefaultLimits()})[0]; r.Shape != ShapeUnknown || !strings.HasPrefix(r.Why, "XML document <") {
			t.Errorf("%s read as %s %q", in, r.Shape, r.Why)
		}
	}
}

func FuzzXML(f *testing.F) {
	for _, in := range []string{transfers, statement, `<!DOCTYPE a><Report_Data/>`, `<Report_Data><Report_Entry a="1">x<b/>y</Report_Entry></Report_Data>`, "<CstmrCdtTrfInitn>\xff</CstmrCdtTrfInitn>"} {
		f.Add([]byte(in))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, r := range collect(t, append([]byte("<CstmrCdtTrfInitn><CdtTrfTxInf/>"), in...)) {
			checkResult(t, r)
			checkJSONRows(t, r)
		}
	})
}

// checkJSONRows tests that rows made of something else are JSON.
func checkJSONRows(t *testing.T, r result) {
	for _, row := range r.rows {
		if (r.Format == formatXML || r.Format == formatFedwire || r.Format == formatSWIFT) && !json.Valid(row.Data) {
			t.Fatalf("row is not JSON: %q", row.Data)
		}
	}
}
