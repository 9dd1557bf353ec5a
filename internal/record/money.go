package record

// PaymentAccount is where a person's pay goes, from ValidFrom on. The account
// number itself is never kept: AccountHash is a keyed hash of the normalised
// number, AccountLast4 its last four characters.
type PaymentAccount struct {
	Common
	Subject
	Rail            string `json:"rail,omitempty"` // ach, sepa, swift, wise, payoneer, paypal, deel, remote, crypto, card, cheque, other
	Country         string `json:"country,omitempty"`
	BankID          string `json:"bank_id,omitempty"` // ABA routing number, BIC or sort code
	BankName        string `json:"bank_name,omitempty"`
	AccountHash     string `json:"account_hash,omitempty"`
	AccountLast4    string `json:"account_last4,omitempty"`
	AccountType     string `json:"account_type,omitempty"` // checking, savings
	HolderName      string `json:"holder_name,omitempty"`
	HolderMatch     string `json:"holder_match,omitempty"` // the bank's own answer: exact, near, none, unknown
	CryptoAddress   string `json:"crypto_address,omitempty"`
	Chain           string `json:"chain,omitempty"`
	PlatformPayeeID string `json:"platform_payee_id,omitempty"`
	Verified        string `json:"verified,omitempty"` // microdeposit, bank_verification, none
	Changed         *bool  `json:"changed,omitempty"`  // the row reports a change, not only a state
	ChangedBy       string `json:"changed_by,omitempty"`
	ChangeChannel   string `json:"change_channel,omitempty"` // self_service, email_request, hr
	ChangeIP        IP     `json:"change_ip,omitzero"`
	PriorHash       string `json:"prior_hash,omitempty"`
}

// Kind returns [PaymentAccounts].
func (*PaymentAccount) Kind() Kind { return PaymentAccounts }

// Payment is one payment to a person.
type Payment struct {
	Common
	Subject
	At           Time    `json:"at,omitzero"`
	Amount       float64 `json:"amount,omitempty"` // in units of Currency
	Currency     string  `json:"currency,omitempty"`
	Rail         string  `json:"rail,omitempty"`
	BankID       string  `json:"bank_id,omitempty"`
	AccountHash  string  `json:"account_hash,omitempty"`
	AccountLast4 string  `json:"account_last4,omitempty"`
	SECCode      string  `json:"sec_code,omitempty"`    // NACHA standard entry class
	Status       string  `json:"status,omitempty"`      // paid, returned, changed, held
	ReturnCode   string  `json:"return_code,omitempty"` // NACHA Rxx or Cxx
	Reference    string  `json:"reference,omitempty"`
	CrossBorder  *bool   `json:"cross_border,omitempty"`
}

// Kind returns [Payments].
func (*Payment) Kind() Kind { return Payments }
