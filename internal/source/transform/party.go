package transform

import (
	"regexp"
	"slices"
	"strings"

	"muster/internal/match"
)

// Kinds of parties.
const (
	partyPerson  = "person"
	partyCompany = "company"
)

// party tells from the name, the VAT number and the e-mail address of a supplier,
// one per line in any order, whether it is one person or a company. What is
// certain comes first: a VAT number whose form only people or only companies have,
// a legal form in the name, a private mailbox. Then a mailbox of an accounting
// department, a word that only organisations carry, or digits in the name make a
// company. Whoever is left is a person: to miss a freelancer is worse than to
// list a shop.
func party(_ *Ctx, v *Value) Reason {
	s, ok := text(v)
	if !ok {
		*v = Value{}
		return ""
	}
	*v = TextValue(partyOf(s))
	return ""
}

func partyOf(lines string) string {
	var name, vat, mail string
	for line := range strings.SplitSeq(lines, "\n") {
		switch line = strings.TrimSpace(line); {
		case strings.Contains(line, "@"):
			mail = strings.ToLower(line)
		case vatForm.MatchString(vatOf(line)):
			vat = vatOf(line)
		case name == "":
			name = line
		}
	}
	if kind := vatKind(vat); kind != "" {
		return kind
	}
	if legalForm.MatchString(name) {
		return partyCompany
	}
	local, domain, _ := strings.Cut(mail, "@")
	switch {
	case match.PublicMail(domain):
		return partyPerson
	case slices.ContainsFunc(split(local), func(w string) bool { return accounting[w] }),
		slices.ContainsFunc(split(strings.ToLower(name)), func(w string) bool { return organised[w] }),
		strings.ContainsAny(name, "0123456789"):
		return partyCompany
	}
	return partyPerson
}

func vatOf(s string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", ".", "", "-", "").Replace(s))
}

func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" .,-_&/+()'’", r) })
}

var (
	vatForm   = regexp.MustCompile(`^[A-Z]{2}[0-9A-Z]{0,2}[0-9]{5,}[0-9A-Z]{0,6}$`)
	legalForm = regexp.MustCompile(`(?i)(?:^|[\s.,&(])(gmbh|mbh|ggmbh|ag|kg|kgaa|ug|ohg|se|ltd|limited|llc|llp|lp|inc|incorporated|corp|corporation|plc|pte|pty|bv|b\.v|nv|n\.v|sarl|s\.a\.r\.l|sas|sasu|eurl|sa|s\.a|srl|s\.r\.l|spa|s\.p\.a|sl|s\.l|slu|lda|ltda|oy|oyj|ab|as|aps|a/s|sp\. ?z ?o\.? ?o|s\.r\.o|a\.s|kft|zrt|nyrt|bt|d\.o\.o|ood|eood|oü|uab|sia|gbr|e\.v|e\.g)(?:[\s.,)]|$)`)
)

// vatKind reads what the form of a VAT number says of its holder: some states give
// people other numbers than companies (algorithms of VIES, European Commission,
// and the national rules named).
func vatKind(vat string) string {
	for _, k := range vatKinds {
		if k.form.MatchString(vat) {
			return k.kind
		}
	}
	return ""
}

var vatKinds = []struct {
	form *regexp.Regexp
	kind string
}{
	{regexp.MustCompile(`^ES[0-9KLMXYZ][0-9]{7}[A-Z]$`), partyPerson},        // NIF and NIE of people, Real Decreto 1065/2007, Art. 18 to 20
	{regexp.MustCompile(`^ES[A-HJNPQRSUVW][0-9]{7}[0-9A-J]$`), partyCompany}, // NIF of legal persons, Orden EHA/451/2008
	{regexp.MustCompile(`^IT[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}`), partyPerson},    // codice fiscale of people, D.M. 23 December 1976
	{regexp.MustCompile(`^PT[1-3][0-9]{8}$`), partyPerson},                   // NIF of people
	{regexp.MustCompile(`^PT[5689][0-9]{8}$`), partyCompany},                 // NIPC, Decreto-Lei 14/2013
	{regexp.MustCompile(`^SE[0-9]{2}[01][0-9]{7}01$`), partyPerson},          // a personal number: its third digit begins the month
	{regexp.MustCompile(`^SE[0-9]{2}[2-9][0-9]{7}01$`), partyCompany},        // organisationsnummer, lag (1974:174)
	{regexp.MustCompile(`^CZ[0-9]{9,10}$`), partyPerson},                     // rodné číslo
	{regexp.MustCompile(`^CZ[0-9]{8}$`), partyCompany},                       // IČO
	{regexp.MustCompile(`^BG[0-9]{10}$`), partyPerson},                       // EGN
	{regexp.MustCompile(`^BG[0-9]{9}$`), partyCompany},                       // BULSTAT
	{regexp.MustCompile(`^LV[0-3][0-9]{10}$`), partyPerson},                  // personas kods
	{regexp.MustCompile(`^LV[4-9][0-9]{10}$`), partyCompany},                 // PVN number of legal persons
	{regexp.MustCompile(`^RO[0-9]{13}$`), partyPerson},                       // CNP
}

// accounting are mailboxes that only an organisation with a department has. Those
// that freelancers use as well (info, hello, office, mail) are not among them.
var accounting = wordSet(`accounting accounts receivable receivables billing invoices invoicing ar buchhaltung debitoren debitorenbuchhaltung
	rechnungswesen faktura fakturierung comptabilite comptabilité compta facturation contabilidad facturacion contabilita fatturazione amministrazione
	contabilidade faturacao ksiegowosc kreditoren finance finanzen`)

// organised are words that stand in names of organisations and in none of people.
var organised = wordSet(`agency agencies agentur werbeagentur agence agencia agenzia agencja associates association verein verband stiftung foundation fondation
	fundacion fondazione fundacja university universität universitaet université universidad università uniwersytet hochschule college school institute institut
	instituto istituto ministry ministerium ministère ministerio municipality stadt gemeinde landkreis finanzamt bundesamt council commune ayuntamiento comune
	hospital klinik klinikum krankenhaus clinic bank sparkasse volksbank insurance versicherung versicherungen assurances seguros assicurazioni
	telecom telekom telecommunications stadtwerke energy energie utilities airlines airways railways hotel hotels restaurant group gruppe groupe grupo gruppo
	holding holdings ventures capital partners solutions services systems technologies technology software labs laboratories industries logistics logistik
	international global worldwide recruiting staffing recruitment outsourcing consultancy company companies corporation enterprises`)

func wordSet(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}
