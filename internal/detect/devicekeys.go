package detect

import (
	"cmp"
	"strings"

	"muster/internal/identity"
)

// Keys knows a persona's devices by all the names that systems have for them.
type Keys struct {
	alias   map[string]string // key in upper case to the first key of the same device
	private map[string]bool   // devices that the company does not own
}

// DeviceKeys reads a persona's device rows.
func DeviceKeys(x *identity.Persona) *Keys {
	k := &Keys{map[string]string{}, map[string]bool{}}
	for _, key := range x.Devices {
		k.alias[strings.ToUpper(key)] = strings.ToUpper(key)
	}
	for i, d := range x.Records.Devices {
		if i > 0 { // most rows are snapshots of the device of the row before
			if last := x.Records.Devices[i-1]; last.DeviceKey == d.DeviceKey && last.Serial == d.Serial && last.EDRID == d.EDRID {
				continue
			}
		}
		first := ""
		for _, key := range []string{d.DeviceKey, d.Serial, d.EDRID} {
			if key = k.Of(key); key == "" {
				continue
			}
			if first == "" {
				first = key
			}
			k.alias[key] = first
		}
	}
	for _, d := range x.Records.Devices {
		if d.Ownership == "byod" {
			k.private[k.Of(cmp.Or(d.DeviceKey, d.Serial, d.EDRID))] = true
		}
	}
	return k
}

// Of returns one name for all keys of a device.
func (k *Keys) Of(key string) string {
	key = strings.ToUpper(strings.TrimSpace(key))
	for {
		next, ok := k.alias[key]
		if !ok || next == key {
			return key
		}
		key = next
	}
}

// Own reports whether the device is one that the persona holds or was issued.
func (k *Keys) Own(key string) bool {
	_, ok := k.alias[strings.ToUpper(strings.TrimSpace(key))]
	return ok && key != ""
}

// Private reports whether the device does not belong to the company: what runs on
// it is nobody's business here.
func (k *Keys) Private(key string) bool { return k.private[k.Of(key)] }

// AnyPrivate reports whether the persona works on a private computer.
func (k *Keys) AnyPrivate() bool { return len(k.private) > 0 }
