package intel

import (
	"testing"

	"muster/internal/record"
)

func TestCapture(t *testing.T) {
	for _, c := range []struct {
		item   record.DeviceItem
		device string
		kind   string
	}{
		{record.DeviceItem{ItemKind: "usb", VendorID: "534D", ProductID: "2109", Vendor: "MacroSilicon", Name: "USB Video"}, "HDMI capture stick", "capture"},
		{record.DeviceItem{ItemKind: "usb", VendorID: "2935", ProductID: "0008", Name: "Capture"}, "Magewell capture card", "capture"},
		{record.DeviceItem{ItemKind: "video_capture", Name: "HDMI to USB"}, "HDMI capture stick", "capture"},
		{record.DeviceItem{ItemKind: "camera", Name: "Cam Link 4K"}, "Elgato capture card", "capture"},
		{record.DeviceItem{ItemKind: "display", Name: "fit-Headless"}, "dummy plug", "plug"},
		{record.DeviceItem{ItemKind: "display", Name: "IddSampleDriver"}, "virtual display driver", "driver"},
		{record.DeviceItem{ItemKind: "software", Name: "Virtual Display Driver 24.12.24"}, "virtual display driver", "driver"},
		{record.DeviceItem{ItemKind: "software", Name: "HDMI Capture Manual"}, "", ""}, // a program is no capture device
		{record.DeviceItem{ItemKind: "software", Name: "OBS Studio"}, "", ""},
		{record.DeviceItem{ItemKind: "usb", VendorID: "046d", ProductID: "082d", Name: "HD Pro Webcam C920"}, "", ""},
		{record.DeviceItem{ItemKind: "usb", VendorID: "17e9", ProductID: "6000", Name: "Universal Dock", Vendor: "DisplayLink"}, "", ""},
		{record.DeviceItem{ItemKind: "display", VendorID: "LNX", ProductID: "7771", Name: "PiKVM V3"}, "", ""},
	} {
		m, ok := Default().Capture(&c.item)
		if m.Device != c.device || m.Rule != c.kind || ok != (c.device != "") {
			t.Errorf("%+v: %+v, %v", c.item, m, ok)
		}
	}
	for name, want := range map[string]bool{"OBS Studio 31.1": true, "Slack": false} {
		if got := Default().Streaming(&record.DeviceItem{ItemKind: "software", Name: name}); got != want {
			t.Errorf("Streaming(%q) = %v", name, got)
		}
	}
}
