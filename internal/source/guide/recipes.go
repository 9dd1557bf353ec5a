package guide

import "muster/internal/record"

// recipe says how the fields of a kind of record are filled from canonical names.
type recipe struct {
	kind   record.Kind
	system string
	consts []string // lines of YAML beside the fields
	time   []string // fields that say when the fact held, best first
	fills  []fill
}

// fill is one field and what can fill it, best first. A name with "~" stands for
// columns that are known by their values only.
type fill struct {
	field    string
	required bool
	list     bool
	parts    []part
	tail     string // YAML behind the path, such as a map
}

// part is a name with the transforms it needs.
type part struct{ name, do string }

func one(field, do string, names ...string) fill {
	f := fill{field: field}
	for _, n := range names {
		f.parts = append(f.parts, part{n, do})
	}
	return f
}

func many(field, do string, names ...string) fill {
	f := one(field, do, names...)
	f.list = true
	return f
}

var person = []part{
	{"employee_no", "handle(employee)"},
	{"candidate_id", "handle(ats:candidate)"},
	{"work_email", "email, handle(email)"},
	{"candidate_email", "email, handle(email)"},
	{"email", "email, handle(email)"},
	{"personal_email", "email, handle(email)"},
	{"user", "email_or_login, handle"},
	{"device_owner", "email_or_login, handle"},
	{"participant", "handle(name)"},
	{"~email", "email, handle(email)"},
	{"full_name", "handle(name)"},
	{"candidate_name", "handle(name)"},
}

var (
	who  = fill{field: "handle", required: true, parts: person}
	name = one("name", "", "full_name", "candidate_name", "participant")
)

const outcomes = `map: {success: success, succeeded: success, ok: success, allowed: success, "true": success, failure: failure, failed: failure, denied: failure, "false": failure, challenge: challenge}, else: unknown`

// recipes are tried in this order; of two kinds that are covered alike the first counts.
var recipes = []recipe{
	{record.Sessions, "identity", []string{"source_kind: {value: app}"}, []string{"at"}, []fill{
		{field: "account", required: true, parts: []part{{"user", "email_or_login"}, {"work_email", "email_or_login"}, {"email", "email_or_login"}, {"~email", "email_or_login"}}},
		{field: "at", required: true, parts: []part{{"signin_time", "time"}, {"timestamp", "time"}, {"~time", "time"}}},
		{field: "outcome", parts: []part{{"signin_result", ""}, {"result", ""}}, tail: outcomes},
		one("ip", "ip", "ip_address", "external_ip", "~ip"), one("asn", "int", "asn"), one("as_org", "", "as_org"),
		one("geo.city", "", "signin_city"), one("geo.region", "", "signin_region"), one("geo.cc", "country", "signin_country", "country", "~country"),
		one("user_agent", "", "user_agent"), one("device_key", "", "serial_number", "device_id"), one("mfa_factor", "", "mfa_factor"), one("app", "", "application"), one("session_id", "", "session_id"),
	}},
	{record.Engagements, "people", nil, nil, []fill{
		who, name, one("start", "date", "hire_date", "start_date", "~date"), one("end", "date", "termination_date", "end_date"), one("work_email", "email", "work_email", "~email"),
		one("employee_no", "", "employee_no"), one("title", "", "job_title"), one("team", "", "department"), one("agency", "", "agency"),
		one("home_address", "address", "address"), one("home_address.city", "", "city"), one("home_address.region", "", "region"), one("home_address.postal", "", "postal_code"), one("home_address.cc", "country", "country", "~country"),
		one("work_location.cc", "country", "work_country"),
	}},
	{record.Personas, "people", nil, nil, []fill{
		who, one("full_name", "", "full_name", "candidate_name"), one("given", "", "first_name", "candidate_first_name"), one("family", "", "last_name", "candidate_last_name"),
		many("emails", "email", "work_email", "personal_email", "candidate_email", "email", "~email"), many("phones", "phone", "mobile_phone", "phone", "~phone"), many("urls", "url", "linkedin_url", "github_url", "website", "~url"),
		one("claimed_address", "address", "address"), one("claimed_address.city", "", "city"), one("claimed_address.region", "", "region"), one("claimed_address.postal", "", "postal_code"), one("claimed_address.cc", "country", "country", "~country"),
	}},
	{record.Applications, "applicants", nil, []string{"applied_at"}, []fill{
		who, name, one("applied_at", "time", "applied_at", "~time", "~date"), one("stage", "", "stage"), one("job_title", "", "job_title"), one("job_id", "", "job_id"), one("source_channel", "", "source_channel"),
		one("ip", "ip", "application_ip", "ip_address", "~ip"), one("user_agent", "", "user_agent"), one("recruiter", "", "recruiter"), one("location_claimed", "", "location_claimed"),
	}},
	{record.Devices, "devices", nil, []string{"last_seen", "enrolled_at"}, []fill{
		{field: "handle", parts: person},
		{field: "device_key", required: true, parts: []part{{"serial_number", ""}, {"device_id", ""}, {"asset_tag", ""}, {"hostname", ""}, {"~serial", ""}}},
		one("serial", "", "serial_number", "~serial"), one("hostname", "", "hostname"), one("asset_tag", "", "asset_tag"), one("os", "", "os"), one("model", "", "model"),
		many("macs", "mac", "mac_address", "~mac"), one("last_seen", "time", "last_seen", "~time", "~date"), one("enrolled_at", "time", "enrolled_at", "first_seen"), one("public_ip", "ip", "external_ip", "~ip"), many("private_ips", "ip", "local_ip"),
	}},
	{record.PaymentAccounts, "pay", nil, nil, []fill{
		who, name, one("account_hash", "iban", "iban", "~iban"), one("account_last4", "last4", "iban", "account_number", "account_last4", "~iban"), one("bank_id", "upper", "bic"), one("bank_name", "", "bank_name"),
		one("holder_name", "", "account_holder"), one("changed_by", "", "changed_by"), one("change_ip", "ip", "change_ip", "ip_address", "~ip"),
	}},
	{record.Payments, "pay", nil, []string{"at"}, []fill{
		who, name,
		{field: "at", required: true, parts: []part{{"pay_date", "time"}, {"~time", "time"}, {"~date", "time"}}},
		{field: "amount", required: true, parts: []part{{"amount", "money"}}},
		one("currency", "upper", "currency"), one("account_hash", "iban", "iban", "~iban"), one("reference", "", "invoice_no"),
	}},
	{record.Meetings, "collaboration", nil, []string{"at"}, []fill{
		who, name, {field: "at", required: true, parts: []part{{"join_time", "time"}}}, one("leave", "time", "leave_time"), one("meeting_id", "", "meeting_id"), one("topic", "", "topic"), one("ip", "ip", "ip_address", "~ip"), one("pc_name", "", "device_name", "hostname"), one("mac", "mac", "mac_address", "~mac"),
	}},
	{record.Presences, "presence", nil, []string{"at"}, []fill{
		who, name, {field: "at", required: true, parts: []part{{"timestamp", "time"}, {"~time", "time"}, {"~date", "time"}}}, {field: "site", required: true, parts: []part{{"site", ""}}}, one("verified_by", "", "verified_by"),
	}},
	{record.Contributions, "code", nil, []string{"at"}, []fill{
		{field: "author_email", required: true, parts: []part{{"author_email", "email_or_login"}}}, one("author_name", "", "author_name"), one("at", "time", "author_date", "timestamp", "~time"), one("repo", "", "repository"), {field: "sha", required: true, parts: []part{{"commit_sha", ""}}}, one("pushed_by", "", "pushed_by"),
	}},
	{record.Shipments, "shipping", nil, []string{"delivered_at", "shipped_at"}, []fill{
		{field: "handle", parts: person},
		{field: "tracking_no", required: true, parts: []part{{"tracking_number", ""}}},
		one("carrier", "", "carrier"), one("ship_to", "address", "ship_to"), one("ship_to.city", "", "ship_to_city"), one("ship_to.cc", "country", "ship_to_country"),
		one("shipped_at", "time", "shipped_at"), one("delivered_at", "time", "delivered_at"), one("device_key", "", "serial_number", "~serial"), one("asset_tag", "", "asset_tag"),
	}},
	{record.Checks, "references", nil, []string{"completed_at", "ordered_at"}, []fill{
		who, name, one("vendor", "", "check_vendor"), {field: "status", required: true, parts: []part{{"check_result", ""}}}, one("ordered_at", "time", "ordered_at"), one("completed_at", "time", "completed_at"),
	}},
}

// want is what values of a canonical name must look like, if anything.
var want = map[string][]string{
	"work_email": {"email"}, "personal_email": {"email"}, "email": {"email"}, "candidate_email": {"email"}, "author_email": {"email"},
	"ip_address": {"ip"}, "external_ip": {"ip"}, "application_ip": {"ip"}, "change_ip": {"ip"}, "local_ip": {"ip"}, "iban": {"iban"}, "mac_address": {"mac"},
	"linkedin_url": {"url"}, "github_url": {"url"}, "website": {"url"},
	"signin_time": {"time", "date"}, "timestamp": {"time", "date"}, "applied_at": {"time", "date"}, "last_seen": {"time", "date"}, "enrolled_at": {"time", "date"}, "first_seen": {"time", "date"},
	"pay_date": {"time", "date"}, "join_time": {"time"}, "leave_time": {"time"}, "author_date": {"time", "date"}, "shipped_at": {"time", "date"}, "delivered_at": {"time", "date"}, "ordered_at": {"time", "date"}, "completed_at": {"time", "date"},
	"hire_date": {"date", "time"}, "start_date": {"date", "time"}, "termination_date": {"date", "time"}, "end_date": {"date", "time"}, "amount": {"number"}, "asn": {"number"},
}
