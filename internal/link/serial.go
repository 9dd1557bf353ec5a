package link

import "strings"

// BlankSerial reports whether a serial number means that none was set.
func BlankSerial(serial string) bool { return blank[strings.ToUpper(strings.TrimSpace(serial))] }

// TellingSerial reports whether a serial number can stand for one thing.
func TellingSerial(serial string) bool { return telling(deviceKey(serial)) }
