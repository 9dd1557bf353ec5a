package intel

import (
	"fmt"
	"slices"
	"strings"

	"muster/internal/record"
)

// kvmTable is data/kvm.json as far as it is used here. Empty fields of an entry
// match anything.
type kvmTable struct {
	USB []struct {
		ID, Device, VID, PID, Manufacturer, Product, Serial string
		Preset                                              bool
	}
	EDID []struct {
		ID, Device, PNP, Name string
		ProductID             string `json:"product_id"`
		SerialText            string `json:"serial_text"`
		SerialNumber          string `json:"serial_number"`
		Preset                bool
	}
	DefaultSerials []string `json:"default_serials"`
}

// KVMMatch is a device that looks like an IP-KVM or one of its disguises.
type KVMMatch struct {
	Device string // canonical name
	Rule   string // rule of data/kvm.json
	Exact  bool   // the strings of the product itself; otherwise ids or serials that only such devices have
	Text   string // what was seen, to be shown
}

// brands are the vendors whose keyboards and receivers are imitated.
var brands = map[string]string{"046d": "Logitech", "045e": "Microsoft", "413c": "Dell"}

// kvmNames stand in the strings of IP-KVMs and of nothing else.
var kvmNames = []string{"pikvm", "tinypilot", "jetkvm", "nanokvm", "blikvm", "glkvm", "smart-kvm", "glinet composite device"}

func describe(x *record.DeviceItem) string {
	parts := []string{x.ItemKind}
	if x.VendorID != "" || x.ProductID != "" {
		parts = append(parts, x.VendorID+":"+x.ProductID)
	}
	for _, s := range []string{x.Vendor, x.Name} {
		if s != "" {
			parts = append(parts, fmt.Sprintf("%q", s))
		}
	}
	if x.Serial != "" {
		parts = append(parts, "serial "+x.Serial)
	}
	return strings.Join(parts, " ")
}

func equal(a, b string) bool { return a != "" && strings.EqualFold(strings.TrimSpace(a), b) }

func named(x *record.DeviceItem) bool {
	text := strings.ToLower(x.Vendor + "\x00" + x.Name)
	return slices.ContainsFunc(kvmNames, func(n string) bool { return strings.Contains(text, n) })
}

// KVMUSB tells whether a USB device is an IP-KVM under its own identity: rules
// KR1 to KR3. A Raspberry Pi or another small computer in gadget mode matches KR1.
func (s *Set) KVMUSB(x *record.DeviceItem) (m KVMMatch, ok bool) {
	vid, pid := strings.ToLower(x.VendorID), strings.ToLower(x.ProductID)
	if x.ItemKind != "usb" || brands[vid] != "" {
		return m, false
	}
	gadget := vid == "1d6b" && pid >= "0101" && pid <= "0106"
	for i := range s.kvm.USB {
		e := &s.kvm.USB[i]
		ids := vid == e.VID && (e.PID == "" || pid == e.PID)
		strings := equal(x.Vendor, e.Manufacturer) && (e.Product == "" || equal(x.Name, e.Product)) || equal(x.Name, e.Product) && ids
		serial := e.Serial != "" && x.Serial == e.Serial
		switch {
		case e.Preset:
		case strings && (ids || gadget || vid == ""):
			return KVMMatch{e.Device, "KR2", true, describe(x)}, true
		case ids && (serial || e.ID == "K1-02") && !gadget:
			return KVMMatch{e.Device, "KR2", false, describe(x)}, true
		}
	}
	if named(x) {
		return KVMMatch{"IP-KVM", "KR2", true, describe(x)}, true
	}
	if gadget {
		return KVMMatch{"USB gadget", "KR1", false, describe(x)}, true
	}
	return m, false
}

// KVMSpoof tells whether a USB device claims a well-known brand, or nothing in
// particular, and gives itself away: rules KR4 to KR6. An identity that KVMUSB
// knows is not repeated.
func (s *Set) KVMSpoof(x *record.DeviceItem) (m KVMMatch, ok bool) {
	vid, pid := strings.ToLower(x.VendorID), strings.ToLower(x.ProductID)
	if x.ItemKind != "usb" {
		return m, false
	}
	if _, own := s.KVMUSB(x); own {
		return m, false
	}
	if brand := brands[vid]; brand != "" {
		device := "imitated " + brand + " device"
		for i := range s.kvm.USB {
			e := &s.kvm.USB[i]
			// Only the Logitech preset has strings that the genuine device lacks.
			if e.Preset && vid == "046d" && e.VID == vid && pid == e.PID && equal(x.Vendor, e.Manufacturer) && equal(x.Name, e.Product) {
				return KVMMatch{device, "KR4", true, describe(x)}, true
			}
			if e.Preset && e.VID == vid && e.PID == pid && hasClasses(x, "hid", "storage") {
				return KVMMatch{device, "KR5", true, describe(x)}, true
			}
			if !e.Preset && (equal(x.Name, e.Product) && equal(x.Vendor, e.Manufacturer)) {
				return KVMMatch{device, "KR4", true, describe(x)}, true
			}
		}
		if named(x) {
			return KVMMatch{device, "KR4", true, describe(x)}, true
		}
		if hasClasses(x, "hid", "storage") && keyboardLike(x.Name) {
			return KVMMatch{device, "KR5", true, describe(x)}, true
		}
	}
	// 0123456789ABCDEF is a factory default of many devices: only with a keyboard or pointer.
	if slices.Contains(s.kvm.DefaultSerials, x.Serial) && (hasClasses(x, "hid") || x.Serial != "0123456789ABCDEF" && (len(x.Classes) == 0 || hasClasses(x, "storage"))) {
		return KVMMatch{"default serial of IP-KVMs", "KR6", true, describe(x)}, true
	}
	return m, false
}

func hasClasses(x *record.DeviceItem, want ...string) bool {
	for _, w := range want {
		if !slices.Contains(x.Classes, w) {
			return false
		}
	}
	return true
}

func keyboardLike(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "keyboard") || strings.Contains(name, "receiver") || strings.Contains(name, "mouse")
}

// KVMDisplay tells whether a display is what an IP-KVM shows to the computer:
// rules KR7 and KR8. Exact means that the entry names the product; presets that
// copy a real monitor are told by their fixed serial.
func (s *Set) KVMDisplay(x *record.DeviceItem) (m KVMMatch, ok bool) {
	if x.ItemKind != "display" {
		return m, false
	}
	for i := range s.kvm.EDID {
		e := &s.kvm.EDID[i]
		serial := equal(x.Serial, e.SerialText) || equal(x.SerialNumeric, e.SerialNumber)
		model := equal(x.VendorID, e.PNP) && equal(x.ProductID, strings.TrimPrefix(e.ProductID, "0x"))
		bridge := e.ID == "K2-06" // the chip's default, also of other bridges
		switch {
		case e.Preset && serial && (model || equal(x.Name, e.Name)):
			return KVMMatch{e.Device, "KR8", false, describe(x)}, true
		case !e.Preset && model && (x.Name == "" || equal(x.Name, e.Name)):
			return KVMMatch{e.Device, "KR7", !bridge, describe(x)}, true
		case !e.Preset && equal(x.Name, e.Name) && !bridge:
			return KVMMatch{e.Device, "KR7", true, describe(x)}, true
		}
	}
	if named(x) {
		return KVMMatch{"IP-KVM", "KR7", true, describe(x)}, true
	}
	return m, false
}
