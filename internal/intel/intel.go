// Package intel holds local look-up data that needs no network: the catalogue of
// remote-control tools, fingerprints of IP-KVMs, anonymiser clients, carriers
// and relays. Data with an open licence is embedded from data/ with its licence;
// everything else is imported by the user.
package intel

// Set is the loaded look-up data.
type Set struct{}

// Default returns the embedded data.
func Default() *Set { return &Set{} }
