package detect

import (
	"slices"

	"muster/internal/record"
)

// corporate are the kinds of records that only an employer has: a platform ships
// no laptops and manages no devices.
var corporate = []record.Kind{record.Shipments, record.Devices, record.DeviceItems, record.NetworkObs, record.Presences}

// issued are the detectors that compare sign-ins with laptops that were issued,
// although sign-ins are all they ask for.
var issued = []string{"unmanaged-only", "never-converges"}

// ForMarketplace returns the detectors whose questions make sense for the accounts
// of a platform, in the order given: those of which at least one alternative asks
// for nothing that only an employer has.
func ForMarketplace(list []*Detector) []*Detector {
	return slices.DeleteFunc(slices.Clone(list), func(d *Detector) bool {
		needs := func(set []record.Kind) bool {
			return !slices.ContainsFunc(set, func(k record.Kind) bool { return slices.Contains(corporate, k) })
		}
		return slices.Contains(issued, d.ID) || len(d.Needs) > 0 && !slices.ContainsFunc(d.Needs, needs)
	})
}
