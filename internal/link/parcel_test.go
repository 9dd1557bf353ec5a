package link_test

import "testing"

// What a carrier says about a parcel belongs to whom the order names; a number that
// two orders have, a short one and an unknown one belong to nobody.
func TestParcelsByTrackingNumber(t *testing.T) {
	g := build(rows(t, `
{"record":"engagement","handle":"employee:E1","name":"Ann Example","employee_no":"E1"}
{"record":"engagement","handle":"employee:E2","name":"Rob Specimen","employee_no":"E2"}
{"record":"shipment","handle":"employee:E1","tracking_no":"1Z 999-AA10123","shipped_at":"2026-01-02"}
{"record":"shipment","handle":"employee:E1","tracking_no":"1Z999BB20000","shipped_at":"2026-01-02"}
{"record":"shipment","handle":"employee:E2","tracking_no":"1Z999BB20000","shipped_at":"2026-01-02"}
{"record":"shipment","handle":"employee:E2","tracking_no":"12","shipped_at":"2026-01-02"}
{"record":"shipment","tracking_no":"1z999aa10123","carrier":"UPS","delivered_at":"2026-01-05"}
{"record":"shipment","tracking_no":"1Z999BB20000","carrier":"UPS","delivered_at":"2026-01-05"}
{"record":"shipment","tracking_no":"12","carrier":"UPS","delivered_at":"2026-01-05"}
{"record":"shipment","tracking_no":"1Z999CC30000","carrier":"UPS","delivered_at":"2026-01-05"}`), nil)
	if len(g.Personas) != 2 {
		t.Fatalf("%d personas, want 2", len(g.Personas))
	}
	got := map[string]int{}
	for _, p := range g.Personas {
		got[p.Name()] = len(p.Records.Shipments)
	}
	if got["Ann Example"] != 3 || got["Rob Specimen"] != 2 {
		t.Errorf("parcels: %v, want 3 of Ann Example and 2 of Rob Specimen", got)
	}
}
