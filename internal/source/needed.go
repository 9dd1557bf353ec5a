package source

import "muster/internal/record"

// FieldShare says how many records of a kind have a field that detectors read.
type FieldShare struct {
	Kind    record.Kind `json:"kind"`
	Field   string      `json:"field"`
	Filled  int         `json:"filled"`
	Records int         `json:"records"`
}

// Fields returns the share of every field that detectors read, of the kinds that
// were read, in the order of kinds.
func (r *Report) Fields() []FieldShare {
	out := []FieldShare{}
	for _, k := range record.Kinds() {
		at := len(out)
		for _, field := range Needed(k) {
			out = append(out, FieldShare{Kind: k, Field: field})
		}
		for i := range r.Files {
			for _, x := range r.Files[i].Formats {
				for n := at; n < len(out); n++ {
					out[n].Filled += x.Filled[string(k)+"."+out[n].Field]
					out[n].Records += x.Emitted[k]
				}
			}
		}
		if at < len(out) && out[at].Records == 0 {
			out = out[:at]
		}
	}
	return out
}

// Needed returns the fields of a kind of record that detectors read, so that a
// check of exports can say how much of what matters is filled.
func Needed(k record.Kind) []string { return needed[k] }

var needed = map[record.Kind][]string{
	record.Personas:        {"handle", "full_name", "emails", "phones", "claimed_address"},
	record.Applications:    {"applied_at", "stage", "status", "ip", "source_channel"},
	record.HistoryItems:    {"org", "title", "start", "end", "summary"},
	record.Documents:       {"sections", "author", "document_id", "image_hashes"},
	record.References:      {"handle", "referee", "submitted_at", "submit_ip", "text"},
	record.Engagements:     {"start", "end", "work_email", "home_address", "work_location", "referrer_handle"},
	record.PaymentAccounts: {"account_hash", "bank_id", "valid_from", "change_ip"},
	record.Payments:        {"at", "amount", "account_hash"},
	record.Devices:         {"device_key", "serial", "handle", "public_ip", "last_seen", "enrolled_at"},
	record.DeviceItems:     {"device_key", "kind", "name", "vendor_id", "serial", "first_seen"},
	record.Shipments:       {"handle", "ship_to", "original_ship_to", "shipped_at", "delivered_at", "device_key"},
	record.Sessions:        {"account", "at", "outcome", "ip", "asn", "geo"},
	record.NetworkObs:      {"device_key", "at", "anchor", "remote"},
	record.Contributions:   {"author_email", "at", "pushed_by", "repo"},
	record.Meetings:        {"handle", "at", "ip", "pc_name", "mac", "disk_id", "camera_on"},
	record.AccountEvents:   {"account", "at", "action", "factor_device"},
	record.Checks:          {"handle", "kind", "result", "completed_at"},
	record.Presences:       {"handle", "at", "kind"},
	record.StolenLogins:    {"machine", "site", "login", "seen_at"},
	record.Indicators:      {"type", "value", "last_seen", "confidence"},
}
