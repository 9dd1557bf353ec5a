package source

import "muster/internal/record"

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
	record.Indicators:      {"type", "value", "last_seen", "confidence"},
}
