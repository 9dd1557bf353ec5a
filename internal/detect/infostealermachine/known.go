package infostealermachine

// HiringSite reports whether a host is a listed site on which people look for work.
func HiringSite(host string) bool { return hiringSite(host) }
