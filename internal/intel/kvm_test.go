package intel

import (
	"testing"

	"muster/internal/record"
)

func usb(vid, pid, vendor, name, serial string, classes ...string) *record.DeviceItem {
	return &record.DeviceItem{ItemKind: "usb", VendorID: vid, ProductID: pid, Vendor: vendor, Name: name, Serial: serial, Classes: classes}
}

func TestKVMUSB(t *testing.T) {
	s := Default()
	for _, tt := range []struct {
		item        *record.DeviceItem
		own, spoof  string // rules
		exact, none bool
	}{
		{item: usb("1d6b", "0104", "PiKVM", "PiKVM Composite Device", "CAFEBABE", "hid", "storage"), own: "KR2", exact: true},
		{item: usb("1d6b", "0104", "tinypilot", "Multifunction USB Device", "6b65796d696d6570690"), own: "KR2", exact: true},
		{item: usb("1d6b", "0106", "smart-kvm", "Multifunction USB Device", ""), own: "KR2", exact: true},
		{item: usb("1d6b", "0104", "JetKVM", "USB Emulation Device", "x1"), own: "KR2", exact: true},
		{item: usb("1209", "eda3", "PiKVM", "", ""), own: "KR2", exact: true},
		{item: usb("3346", "1009", "sipeed", "NanoKVM", "0123456789ABCDEF"), own: "KR2", exact: true},
		{item: usb("38eb", "0104", "Glinet", "Glinet Composite Device", "CAFEBABE"), own: "KR2", exact: true},
		{item: usb("", "", "PiKVM", "PiKVM Composite Device", ""), own: "KR2", exact: true},
		{item: usb("1d6b", "0104", "", "USB Composite Device", ""), own: "KR1"},
		{item: usb("1D6B", "0101", "", "", ""), own: "KR1"},
		{item: usb("3346", "1009", "", "", "0123456789ABCDEF"), own: "KR2"},
		{item: usb("046d", "c52b", "Logitech (x64)", "Logitech USB Input Device", "a8f1"), spoof: "KR4"},
		{item: usb("045e", "005f", "JetKVM", "USB Emulation Device", "a8f1"), spoof: "KR4"},
		{item: usb("413c", "2011", "Dell Inc.", "Multimedia Pro Keyboard", "", "hid", "storage"), spoof: "KR5"},
		{item: usb("0bda", "1234", "Generic", "Keyboard", "CAFEBABE", "hid"), spoof: "KR6"},
		// Genuine and ordinary devices.
		{item: usb("1d6b", "0002", "Linux Foundation", "2.0 root hub", "0000:00:14.0")},
		{item: usb("1d6b", "0003", "Linux 6.8", "xHCI Host Controller", "")},
		{item: usb("046d", "c52b", "Logitech", "USB Receiver", "", "hid")},
		{item: usb("045e", "005f", "Microsoft", "Wireless MultiMedia Keyboard", "", "hid")},
		{item: usb("413c", "2011", "Dell Inc.", "Multimedia Pro Keyboard", "", "hid")},
		{item: usb("0781", "5581", "SanDisk", "Ultra", "0123456789ABCDEF", "storage")},
		{item: usb("413c", "b06e", "Dell Inc.", "Dell dock", "", "hid")},
		{item: usb("3346", "1009", "", "", "")},
		{item: &record.DeviceItem{ItemKind: "display", VendorID: "DEL", Name: "DELL U2720Q", Serial: "ABC1234"}},
	} {
		own, ok := s.KVMUSB(tt.item)
		if own.Rule != tt.own || ok != (tt.own != "") || own.Exact != tt.exact {
			t.Errorf("%+v: KVMUSB %+v", tt.item, own)
		}
		spoof, ok := s.KVMSpoof(tt.item)
		if spoof.Rule != tt.spoof || ok != (tt.spoof != "") {
			t.Errorf("%+v: KVMSpoof %+v", tt.item, spoof)
		}
	}
}

func TestKVMDisplay(t *testing.T) {
	s := Default()
	for _, tt := range []struct {
		item  record.DeviceItem
		rule  string
		exact bool
	}{
		{record.DeviceItem{VendorID: "LNX", ProductID: "7772", Name: "PiKVM V4 Mini", Serial: "CAFEBABE"}, "KR7", true},
		{record.DeviceItem{VendorID: "LNX", ProductID: "7770"}, "KR7", true},
		{record.DeviceItem{VendorID: "SPD", ProductID: "3301", Name: "NanoKVM"}, "KR7", true},
		{record.DeviceItem{VendorID: "TSB", ProductID: "8801", Name: "T749-fHD720"}, "KR7", false},
		{record.DeviceItem{VendorID: "ACR", ProductID: "0565", Name: "B246WL", Serial: "T8NEE0038522"}, "KR8", false},
		{record.DeviceItem{VendorID: "DEL", ProductID: "2013", Name: "DELL D2721H", SerialNumeric: "0x39363945"}, "KR8", false},
		{record.DeviceItem{VendorID: "ACR", ProductID: "0565", Name: "B246WL", Serial: "T8NEE0011111"}, "", false},
		{record.DeviceItem{VendorID: "LNX", ProductID: "0000", Name: "Linux FHD"}, "", false},
		{record.DeviceItem{VendorID: "DEL", ProductID: "a0c4", Name: "DELL U2720Q"}, "", false},
		{record.DeviceItem{}, "", false},
	} {
		tt.item.ItemKind = "display"
		m, ok := s.KVMDisplay(&tt.item)
		if m.Rule != tt.rule || ok != (tt.rule != "") || m.Exact != tt.exact {
			t.Errorf("%+v: got %+v", tt.item, m)
		}
	}
}
