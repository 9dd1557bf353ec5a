package pack

import (
	"muster/internal/detect/virtualcamera"
	"muster/internal/match"
	"muster/internal/record"
)

// rule says what becomes of a field.
type rule struct {
	name  string // as header and docs say it
	apply func(p *packer, field any)
}

func makesUp(device string) bool { return virtualcamera.Known(device) }

// text is a rule for texts, handles and lists of them.
func text(name string, token func(*packer, string) string) rule {
	return rule{name, func(p *packer, field any) {
		switch f := field.(type) {
		case *string:
			*f = token(p, *f)
		case *[]string:
			for i, s := range *f {
				(*f)[i] = token(p, s)
			}
		}
	}}
}

// typed is a rule for one type.
func typed[T any](name string, change func(*packer, *T)) rule {
	return rule{name, func(p *packer, field any) { change(p, field.(*T)) }}
}

// opaqueIn is an equality token in a domain of its own.
func opaqueIn(domain string) rule {
	return text("token", func(p *packer, s string) string { return p.opaque(domain, s) })
}

// The rules. keep leaves a value as it is; drop leaves it out; inside hands it to the
// function of its kind in special, which looks at the whole record.
var (
	keep   = rule{"keep", nil}
	drop   = rule{"drop", nil}
	inside = rule{"inside", nil}

	name       = text("name", (*packer).name)
	signer     = text("name", (*packer).signer)
	email      = text("email", (*packer).email)
	account    = text("account", (*packer).account)
	person     = text("person", (*packer).person)
	employee   = text("account", (*packer).employee)
	org        = text("organisation", (*packer).org)
	mac        = text("hardware address", (*packer).mac)
	device     = text("device", (*packer).device)
	disk       = text("device", (*packer).disk)
	host       = text("host", (*packer).host)
	camera     = text("camera", (*packer).camera)
	agent      = text("browser", (*packer).agent)
	signingKey = text("token", (*packer).signingKey)
	wallet     = text("token", (*packer).wallet)
	hash       = text("token", (*packer).hash)
	pictures   = text("picture", (*packer).picture)
	letter     = text("passages", func(p *packer, s string) string { return p.veil(s, 4) })
	job        = text("passages", func(p *packer, s string) string { return p.veil(s, 2, 5) })

	handle  = typed("handle", func(p *packer, h *record.Handle) { *h = p.handle(*h) })
	handles = typed("handle", func(p *packer, list *[]record.Handle) { each(*list, func(h *record.Handle) { *h = p.handle(*h) }) })
	emails  = typed("email", func(p *packer, list *[]record.Email) {
		each(*list, func(m *record.Email) { m.Value = p.email(m.Value) })
	})
	phones   = typed("phone", func(p *packer, list *[]record.Phone) { each(*list, func(n *record.Phone) { *n = p.phone(*n) }) })
	urls     = typed("link", func(p *packer, list *[]record.URL) { each(*list, func(u *record.URL) { *u = p.url(*u) }) })
	sections = typed("passages", func(p *packer, list *[]record.Section) { each(*list, p.section) })
	answers  = typed("passages", func(p *packer, list *[]record.Answer) {
		each(*list, func(a *record.Answer) { *a = record.Answer{A: p.veil(a.A, match.ShingleWords)} })
	})
	referee = typed("referee", (*packer).referee)
	address = typed("address", func(p *packer, a *record.Address) { *a = p.postal(*a) })
	spot    = typed("place", func(_ *packer, pl *record.Place) { *pl = place(*pl) })
	birth   = typed("birth date", func(p *packer, d *record.Date) { *d = p.birth(*d) })
	ip      = typed("network address", func(p *packer, a *record.IP) { *a = p.ip(*a) })
	anchor  = typed("hardware address", func(p *packer, a *record.LANAnchor) {
		*a = record.LANAnchor{GatewayMAC: p.mac(a.GatewayMAC), BSSID: p.mac(a.BSSID)}
	})
)

func each[T any](list []T, do func(*T)) {
	for i := range list {
		do(&list[i])
	}
}

// common holds for the fields that records share.
var common = map[string]rule{
	"observed_at": keep, "valid_from": keep, "valid_to": keep,
	"handle": handle, "handles": handles, "name": name,
}

// rules says for every field of every kind what becomes of it. A field is named as
// in docs/schema/record.v1.json; members of objects follow their object. A field that
// is not here makes packing fail: somebody has to decide first.
var rules = map[record.Kind]map[string]rule{
	record.Personas: {
		"kind": keep, "full_name": name, "given": name, "family": name, "name_raw": drop, "aliases": name, "emails": emails, "phones": phones, "urls": urls,
		"claimed_address": address, "claim_country": keep, "claim_tz": drop, "dob": birth, "photo_phash": pictures,
		"national_id_hash": opaqueIn("identity number"), "created_at": keep, "headline": drop, "employer_claimed": drop, "custom": inside,
	},
	record.Applications: {
		"applied_at": keep, "offered_at": keep, "ats_id": drop, "job_id": drop, "job_title": drop, "requisition": drop, "source_channel": org,
		"referrer_handle": handle, "credited_to": org, "stage": keep, "status": keep, "rejected_reason": drop, "location_claimed": drop, "answers": answers,
		"ip": ip, "user_agent": agent, "remote_policy": drop, "recruiter": drop,
	},
	record.HistoryItems: {
		"kind": keep, "org": org, "org_norm": org, "title": opaqueWords, "area": drop, "degree": drop, "summary": job, "start": keep, "end": keep,
		"location": drop, "cc": drop, "url": drop, "document_key": drop, "verified": keep, "verified_by": opaqueIn("verifier"),
	},
	record.Documents: {
		"kind": keep, "sha256": hash, "filename": drop, "mime": drop, "size": drop, "sections": sections, "author": name, "last_modified_by": name,
		"producer": drop, "document_id": opaqueIn("document"), "created": drop, "modified": drop, "fonts": drop, "links": urls, "image_hashes": pictures,
		"image_marks": drop, "number_hash": opaqueIn("identity number"), "received_at": keep, "check_vendor": drop, "check_result": drop, "check_reasons": drop,
	},
	record.References: {
		"referee": referee, "relationship": drop, "requested_at": keep, "submitted_at": keep, "submit_ip": ip, "user_agent": agent, "channel": keep,
		"text": letter, "contact_source": keep, "verified": keep, "verified_by": opaqueIn("verifier"),
	},
	record.Engagements: {
		"start": keep, "end": keep, "end_reason": keep, "employee_no": employee, "work_email": email, "type": keep, "agency": org, "eor_vendor": org,
		"title": drop, "team": drop, "manager_handle": drop, "referrer_handle": handle, "work_location": spot, "home_address": address, "remote": keep,
		"byod": keep, "privileged": keep, "data_access": drop, "status": keep,
	},
	record.PaymentAccounts: {
		"rail": keep, "country": drop, "bank_id": drop, "bank_name": drop, "account_hash": opaqueIn("bank account"), "account_last4": drop, "account_type": drop,
		"holder_name": drop, "holder_match": keep, "crypto_address": wallet, "chain": keep, "platform_payee_id": opaqueIn("payee"), "verified": keep,
		"changed": keep, "changed_by": person, "change_channel": keep, "change_ip": ip, "prior_hash": opaqueIn("bank account"),
	},
	record.Payments: {
		"at": keep, "amount": drop, "currency": drop, "rail": keep, "bank_id": drop, "account_hash": opaqueIn("bank account"), "account_last4": drop,
		"sec_code": drop, "status": keep, "return_code": keep, "reference": drop, "cross_border": drop,
	},
	record.Devices: {
		"device_key": device, "serial": device, "uuid": device, "hostname": drop, "asset_tag": device, "os": drop, "model": drop, "chassis": drop, "vm_hint": keep,
		"macs": mac, "ownership": keep, "enrolled_at": keep, "enroll_ip": ip, "last_seen": keep, "public_ip": ip, "private_ips": drop, "gateway": anchor,
		"place": spot, "timezone": drop, "managed": keep, "compliant": keep, "encryption": drop, "disk_id": disk, "edr_id": device,
	},
	record.DeviceItems: {
		"device_key": device, "kind": keep, "name": inside, "vendor": inside, "vendor_id": keep, "product_id": keep, "serial": inside, "version": inside,
		"publisher": inside, "bssid": inside, "ssid": inside, "path": inside, "command_line": inside, "classes": keep, "first_seen": keep, "last_seen": keep,
		"action": keep, "display_week": keep, "display_year": keep, "serial_numeric": inside,
	},
	record.Shipments: {
		"carrier": keep, "tracking_no": opaqueTracking, "device_key": device, "asset_tag": device, "shipped_at": keep, "ship_to": address, "original_ship_to": address,
		"address_changed_at": keep, "changed_by": person, "delivered_at": keep, "delivered_place": spot, "delivery_type": keep, "signed_by": signer,
		"status": keep, "return_expected": keep, "returned_at": keep, "returned_from": spot,
	},
	record.Sessions: {
		"account": account, "account_id": drop, "at": keep, "end": drop, "source_kind": keep, "outcome": keep, "ip": ip, "ip_chain": drop, "asn": keep,
		"as_org": keep, "isp": keep, "geo": spot, "anonymiser": keep, "device_key": device, "device_fp": opaqueIn("browser print"), "user_agent": agent,
		"os": keep, "browser": drop, "managed_device": keep, "mfa_factor": drop, "mfa_device_ip": drop, "app": opaqueIn("app"), "session_id": drop,
		"client_machine": drop, "event_type": keep, "count": keep,
	},
	record.NetworkObs: {
		"device_key": device, "account": account, "at": keep, "kind": keep, "remote": host, "remote_ip": drop, "public_ip": ip, "anchor": anchor, "port": drop,
		"bytes_out": drop, "bytes_in": drop, "category": drop, "note": drop, "days_seen": keep, "remote_host": host,
	},
	record.Contributions: {
		"author_email": email, "author_name": name, "committer_email": drop, "committer_name": drop, "at": keep, "pushed_by": account, "repo": opaqueIn("repository"),
		"sha": drop, "summary": drop, "files": drop, "additions": drop, "deletions": drop, "is_merge": keep, "signing_key_id": signingKey, "ssh_key_fp": signingKey,
		"pr_id": drop, "review_handles": drop,
	},
	record.Meetings: {
		"kind": keep, "meeting_id": drop, "topic": drop, "at": keep, "leave": keep, "platform": keep, "camera_on": drop, "on_camera_seconds": drop,
		"audio_device": camera, "video_device": camera, "pc_name": drop, "mac": mac, "disk_id": disk, "client_device": keep, "ip": ip, "geo": spot,
		"network_type": keep, "latency_ms": drop, "liveness": keep, "face_match": drop, "checker": opaqueIn("verifier"), "result": keep, "notes": drop,
	},
	record.AccessEvents: {
		"account": account, "at": keep, "action": keep, "object": drop, "target": drop, "app": drop, "sensitivity": keep, "count": keep, "bytes": keep,
		"is_external": keep, "ip": ip, "device_key": device,
	},
	record.AccountEvents: {
		"account": account, "account_id": drop, "at": keep, "action": keep, "event_type": keep, "factor": keep, "factor_phone_hash": opaqueIn("factor phone"),
		"factor_device": opaqueIn("factor device"), "actor": drop, "ip": ip, "outcome": keep,
	},
	record.Checks: {
		"vendor": keep, "kind": keep, "status": keep, "result": keep, "ordered_at": keep, "completed_at": keep, "address_history_consistent": keep, "notes": drop,
	},
	record.Presences:    {"at": keep, "kind": keep, "site": opaqueIn("site"), "place": spot, "verified_by": opaqueIn("verifier")},
	record.StolenLogins: {"machine": machine, "site": site, "login": account, "seen_at": keep, "malware": keep},
	record.Indicators: {
		"type": keep, "value": inside, "source": keep, "provider": keep, "tlp": keep, "confidence": keep, "grade": keep, "first_seen": keep, "last_seen": keep,
		"valid_until": keep, "labels": keep, "victim": keep, "revoked": keep, "comment": drop,
	},
	record.ListEntries: {
		"list": keep, "entry_id": keep, "names": drop, "birth": drop, "programmes": keep, "updated": keep, "url": drop,
	},
}

// special finishes records of which fields depend on each other. It gets the record
// with its clear values, before the rules of single fields.
var special = map[record.Kind]func(*packer, record.Record){
	record.Personas:    func(p *packer, r record.Record) { p.spellings(r.(*record.Persona)) },
	record.DeviceItems: func(p *packer, r record.Record) { p.item(r.(*record.DeviceItem)) },
	record.References:  func(p *packer, r record.Record) { p.lookAlikes(&r.(*record.Reference).Referee) },
	record.Indicators:  func(p *packer, r record.Record) { p.indicator(r.(*record.Indicator)) },
}
