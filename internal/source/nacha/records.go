package nacha

import (
	"regexp"
	"strconv"
	"strings"

	"muster/internal/record"
	"muster/internal/source/transform"
)

// employeeID is an individual identification number that can be an employee
// number. Nine digits are a social security number and are not kept.
var employeeID = regexp.MustCompile(`^[A-Za-z]{0,4}-?[0-9]{1,8}$`)

// microDeposit is the most that a deposit to verify an account amounts to, in
// cents (NACHA micro-entry rule of 16 September 2022: less than one dollar, entry
// description ACCTVERIFY).
const microDeposit = 99

// records turns an entry into an account and a payment. Debits collect money from
// somebody and are left out.
func (r *reader) records(e *entry) {
	if adv(e.batch.class) || !e.credit() {
		return
	}
	hash, tail := transform.KeyedAccount(r.key, e.account())
	who := subject(e)
	if who.Handle == "" || hash == "" {
		return
	}
	bank := ""
	if transform.ValidABA(e.router()) {
		bank = e.router()
	}
	at := e.batch.effective
	if at.IsZero() {
		at = r.file.date(24)
	}
	amount, _ := e.number(30, 39)
	account := &record.PaymentAccount{
		Common: r.common(e, "account/"+string(who.Handle), at), Subject: who,
		Rail: "ach", Country: country(e), BankID: bank, AccountHash: hash, AccountLast4: tail, AccountType: e.accountType(), HolderName: e.name(),
	}
	account.ValidFrom = at
	if amount <= microDeposit && strings.HasPrefix(e.batch.purpose, "ACCTVERIFY") {
		account.Verified = "microdeposit"
	}
	r.ready = append(r.ready, account)
	status, code := outcome(e)
	if amount > 0 || code != "" {
		payment := &record.Payment{
			Common: r.common(e, r.paymentKey(e), at), Subject: who,
			At: at, Amount: float64(amount) / 100, Currency: "USD", Rail: "ach", BankID: bank, AccountHash: hash, AccountLast4: tail,
			SECCode: e.batch.class, Status: status, ReturnCode: code, Reference: e.at(80, 94),
		}
		if e.batch.class == "IAT" {
			abroad := true
			payment.CrossBorder = &abroad
		}
		r.ready = append(r.ready, payment)
	}
	if c := r.corrected(e, account); c != nil {
		r.ready = append(r.ready, c)
	}
}

// subject names the receiver. The identification number is the payer's own: in
// payroll files the employee number.
func subject(e *entry) record.Subject {
	s := record.Subject{Name: e.name()}
	if id := e.id(); employeeID.MatchString(id) {
		s.Handle = record.NewHandle(record.NSEmployee, id)
	}
	if name := record.NewHandle(record.NSName, s.Name); s.Handle == "" {
		s.Handle = name
	}
	return s
}

// common returns where and when the entry was read.
func (r *reader) common(e *entry, key string, at record.Time) record.Common {
	return record.Common{Ref: record.Ref{Source: ID, Line: e.row.Line, Offset: e.row.Offset, Key: key}, ObservedAt: at}
}

// paymentKey names a payment by file, batch and trace number; numbers that occur
// twice in a file are told apart by their order.
func (r *reader) paymentKey(e *entry) string {
	key := r.file.at(24, 34) + "/" + e.batch.number + "/" + e.at(80, 94)
	r.keys[key]++
	if n := r.keys[key]; n > 1 {
		key += "#" + strconv.Itoa(n)
	}
	return key
}

// country is where the account is held: the branch country of an international
// entry, otherwise the United States.
func country(e *entry) string {
	if e.batch.class != "IAT" {
		return "US"
	}
	if a := e.addendum(addendaIATBank); a != nil {
		return transform.Country(a.at(75, 77))
	}
	return ""
}

// outcome reads what the receiving bank said.
func outcome(e *entry) (status, code string) {
	if a := e.addendum(addendaReturn); a != nil {
		return "returned", a.at(4, 6)
	}
	if a := e.addendum(addendaCorrection); a != nil {
		return "changed", a.at(4, 6)
	}
	return "paid", ""
}

// corrected returns the account that a notification of change asks for, nil if it
// concerns neither account nor routing number. The corrected data of the codes is
// laid out as in Appendix Five of the rules.
func (r *reader) corrected(e *entry, old *record.PaymentAccount) *record.PaymentAccount {
	a := e.addendum(addendaCorrection)
	if a == nil {
		return nil
	}
	bank, number := "", ""
	switch a.at(4, 6) {
	case "C01", "C06":
		number = a.at(36, 52)
	case "C02":
		bank = a.at(36, 44)
	case "C03":
		bank, number = a.at(36, 44), a.at(48, 64)
	case "C07":
		bank, number = a.at(36, 44), a.at(45, 61)
	default:
		return nil
	}
	to := *old
	to.PriorHash, to.Verified = old.AccountHash, ""
	if transform.ValidABA(bank) {
		to.BankID = bank
	}
	if number != "" {
		to.AccountHash, to.AccountLast4 = transform.KeyedAccount(r.key, number)
		if to.AccountHash == "" {
			return nil
		}
	}
	to.Ref.Line, to.Ref.Offset = a.row.Line, a.row.Offset
	to.Ref.Key += "/corrected"
	return &to
}
