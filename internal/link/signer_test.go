package link_test

import (
	"testing"

	"muster/internal/identity"
	"muster/internal/settings"
)

// One stranger signs for three hires at two places; addressees, desks, relatives
// and hubs make no edge.
func TestSigners(t *testing.T) {
	const people = `
{"record":"engagement","handle":"employee:E1","name":"Ann Example","employee_no":"E1","home_address":{"line1":"1 First St","postal":"10001"}}
{"record":"engagement","handle":"employee:E2","name":"Rob Specimen","employee_no":"E2","home_address":{"line1":"2 Second St","postal":"20002"}}
{"record":"engagement","handle":"employee:E3","name":"Kim Sample","employee_no":"E3","home_address":{"line1":"3 Third St","postal":"30003"}}
`
	g := build(rows(t, people+`
{"record":"shipment","handle":"employee:E1","tracking_no":"1","shipped_at":"2026-01-02","ship_to":{"line1":"77 Farm Ln","postal":"85340"},"signed_by":"R. Halvorsen"}
{"record":"shipment","handle":"employee:E2","tracking_no":"2","shipped_at":"2026-01-03","ship_to":{"line1":"77 Farm Ln","postal":"85340"},"signed_by":"HALVORSEN R"}
{"record":"shipment","handle":"employee:E3","tracking_no":"3","shipped_at":"2026-01-04","ship_to":{"line1":"9 Mill Rd","postal":"37201"},"signed_by":"R Halvorsen"}
{"record":"shipment","handle":"employee:E1","tracking_no":"4","shipped_at":"2026-02-02","ship_to":{"line1":"1 First St","postal":"10001"},"signed_by":"FRONT DOOR"}
{"record":"shipment","handle":"employee:E2","tracking_no":"5","shipped_at":"2026-02-02","ship_to":{"line1":"2 Second St","postal":"20002"},"signed_by":"FRONT DOOR"}
{"record":"shipment","handle":"employee:E1","tracking_no":"6","shipped_at":"2026-02-02","ship_to":{"line1":"5 Office Sq","postal":"10005"},"delivery_type":"business","signed_by":"Dana Desk"}
{"record":"shipment","handle":"employee:E2","tracking_no":"7","shipped_at":"2026-02-02","ship_to":{"line1":"5 Office Sq","postal":"10005"},"delivery_type":"business","signed_by":"Dana Desk"}
{"record":"shipment","handle":"employee:E1","tracking_no":"8","shipped_at":"2026-02-02","ship_to":{"line1":"6 Hub Rd","postal":"10006"},"signed_by":"Lou Hubbard"}
{"record":"shipment","handle":"employee:E3","tracking_no":"9","shipped_at":"2026-02-02","ship_to":{"line1":"6 Hub Rd","postal":"10006"},"signed_by":"Lou Hubbard"}`),
		&settings.Settings{Declared: settings.Declared{Agencies: []settings.Agency{{Name: "Example Staffing", Addresses: []string{"6 Hub Rd, 10006"}}}}})
	var found []*identity.Edge
	for _, e := range g.Edges {
		if e.Kind == identity.EdgeSigner {
			found = append(found, e)
		}
	}
	if len(found) != 1 || found[0].N != 3 || found[0].Key != "halvorsen r" || found[0].OpenHome || found[0].Suppressed != "" || len(found[0].Discounts) != 1 {
		t.Fatalf("%d signers, the first %+v", len(found), found[0])
	}

	g = build(rows(t, `
{"record":"engagement","handle":"employee:E1","name":"Ann Example","employee_no":"E1","home_address":{"line1":"1 Tower St","line2":"Apt 4","postal":"10001"}}
{"record":"engagement","handle":"employee:E2","name":"Rob Specimen","employee_no":"E2","home_address":{"line1":"1 Tower St","line2":"Apt 9","postal":"10001"}}
{"record":"shipment","handle":"employee:E1","tracking_no":"1","shipped_at":"2026-01-02","ship_to":{"line1":"1 Tower St","line2":"Apt 4","postal":"10001"},"signed_by":"Carla Porterfield"}
{"record":"shipment","handle":"employee:E2","tracking_no":"2","shipped_at":"2026-01-03","ship_to":{"line1":"1 Tower St","line2":"Apt 9","postal":"10001"},"signed_by":"Carla Porterfield"}`), nil)
	for _, e := range g.Edges {
		if e.Kind == identity.EdgeSigner && (!e.OpenHome || e.Weight > 1.4) {
			t.Errorf("the concierge of one house: open %v, weight %.1f", e.OpenHome, e.Weight)
		}
	}
	if len(g.Operators) != 0 {
		t.Errorf("operators %+v", g.Operators)
	}
}
