package record

import "net/netip"

// IP is an address in canonical form (no zone, IPv4-mapped addresses unmapped).
type IP = netip.Addr

// Device is a computer or phone, as one system described it at one time. The
// subject is its owner or last user.
type Device struct {
	Common
	Subject
	DeviceKey  string    `json:"device_key,omitempty"` // serial preferred, else the system's id
	Serial     string    `json:"serial,omitempty"`
	UUID       string    `json:"uuid,omitempty"`
	Hostname   string    `json:"hostname,omitempty"`
	AssetTag   string    `json:"asset_tag,omitempty"`
	OS         string    `json:"os,omitempty"`
	Model      string    `json:"model,omitempty"`
	Chassis    string    `json:"chassis,omitempty"`
	VMHint     *bool     `json:"vm_hint,omitempty"`
	MACs       []string  `json:"macs,omitempty"`      // lower-case colon form
	Ownership  string    `json:"ownership,omitempty"` // company, byod, unknown
	EnrolledAt Time      `json:"enrolled_at,omitzero"`
	EnrollIP   IP        `json:"enroll_ip,omitzero"`
	LastSeen   Time      `json:"last_seen,omitzero"`
	PublicIP   IP        `json:"public_ip,omitzero"`
	PrivateIPs []IP      `json:"private_ips,omitempty"`
	Gateway    LANAnchor `json:"gateway,omitzero"`
	Place      Place     `json:"place,omitzero"` // where the device management last located it
	TimeZone   string    `json:"timezone,omitempty"`
	Managed    *bool     `json:"managed,omitempty"`
	Compliant  *bool     `json:"compliant,omitempty"`
	Encryption *bool     `json:"encryption,omitempty"`
	DiskID     string    `json:"disk_id,omitempty"`
	EDRID      string    `json:"edr_id,omitempty"`
}

// Kind returns [Devices].
func (*Device) Kind() Kind { return Devices }

// LANAnchor identifies a local network by things that do not travel.
type LANAnchor struct {
	GatewayMAC string `json:"gateway_mac,omitempty"`
	BSSID      string `json:"bssid,omitempty"`
	SSID       string `json:"ssid,omitempty"`
}

// DeviceItem is a component, peripheral or program seen on a device.
type DeviceItem struct {
	Common
	Subject
	DeviceKey     string   `json:"device_key,omitempty"`
	ItemKind      string   `json:"kind,omitempty"` // usb, display, audio, camera, video_capture, software, browser_extension, process, service, port, wifi, certificate
	Name          string   `json:"name,omitempty"`
	Vendor        string   `json:"vendor,omitempty"`     // manufacturer as text
	VendorID      string   `json:"vendor_id,omitempty"`  // USB: four lower-case hex digits; display: PnP id as three letters
	ProductID     string   `json:"product_id,omitempty"` // four lower-case hex digits
	Serial        string   `json:"serial,omitempty"`
	Version       string   `json:"version,omitempty"`
	Publisher     string   `json:"publisher,omitempty"`
	BSSID         string   `json:"bssid,omitempty"`
	SSID          string   `json:"ssid,omitempty"`
	Path          string   `json:"path,omitempty"`
	CommandLine   string   `json:"command_line,omitempty"`
	Classes       []string `json:"classes,omitempty"` // USB interface classes: hid, storage, video, audio, network
	FirstSeen     Time     `json:"first_seen,omitzero"`
	LastSeen      Time     `json:"last_seen,omitzero"`
	Action        string   `json:"action,omitempty"` // added, removed, present
	DisplayWeek   int      `json:"display_week,omitempty"`
	DisplayYear   int      `json:"display_year,omitempty"`
	SerialNumeric string   `json:"serial_numeric,omitempty"` // EDID numeric serial, 0x-prefixed
}

// Kind returns [DeviceItems].
func (*DeviceItem) Kind() Kind { return DeviceItems }

// Shipment is a parcel with equipment for a person.
type Shipment struct {
	Common
	Subject
	Carrier          string  `json:"carrier,omitempty"`
	TrackingNo       string  `json:"tracking_no,omitempty"`
	DeviceKey        string  `json:"device_key,omitempty"`
	AssetTag         string  `json:"asset_tag,omitempty"`
	ShippedAt        Time    `json:"shipped_at,omitzero"`
	ShipTo           Address `json:"ship_to,omitzero"`
	OriginalShipTo   Address `json:"original_ship_to,omitzero"`
	AddressChangedAt Time    `json:"address_changed_at,omitzero"`
	ChangedBy        string  `json:"changed_by,omitempty"`
	DeliveredAt      Time    `json:"delivered_at,omitzero"`
	DeliveredPlace   Place   `json:"delivered_place,omitzero"`
	DeliveryType     string  `json:"delivery_type,omitempty"` // residence, business, pickup_point, mailbox, freight_forwarder, unknown
	SignedBy         string  `json:"signed_by,omitempty"`
	Status           string  `json:"status,omitempty"` // label, transit, delivered, intercepted, held, returned, exception
	ReturnExpected   *bool   `json:"return_expected,omitempty"`
	ReturnedAt       Time    `json:"returned_at,omitzero"`
	ReturnedFrom     Place   `json:"returned_from,omitzero"`
}

// Kind returns [Shipments].
func (*Shipment) Kind() Kind { return Shipments }

// NetworkObservation is something seen on the wire or the air by a device.
type NetworkObservation struct {
	Common
	Subject
	DeviceKey  string    `json:"device_key,omitempty"`
	Account    string    `json:"account,omitempty"`
	At         Time      `json:"at,omitzero"`
	ObsKind    string    `json:"kind,omitempty"` // dns, http, flow, rdp, remote_tool, wifi, lan, dhcp, tz
	Remote     string    `json:"remote,omitempty"`
	RemoteIP   IP        `json:"remote_ip,omitzero"`
	PublicIP   IP        `json:"public_ip,omitzero"`
	Anchor     LANAnchor `json:"anchor,omitzero"`
	Port       int       `json:"port,omitempty"`
	BytesOut   int64     `json:"bytes_out,omitempty"`
	BytesIn    int64     `json:"bytes_in,omitempty"`
	Category   string    `json:"category,omitempty"`
	Note       string    `json:"note,omitempty"`
	DaysSeen   int       `json:"days_seen,omitempty"`
	RemoteHost string    `json:"remote_host,omitempty"`
}

// Kind returns [NetworkObs].
func (*NetworkObservation) Kind() Kind { return NetworkObs }
