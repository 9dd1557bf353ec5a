// Package simulate invents companies: their people, households, networks,
// laptops, pay and applications, with planted operators and planted innocents,
// written as the exports that real systems make. It knows nothing of how Muster
// reads or judges them; it follows the documented cases and their benign twins.
//
// Everything is invented. Addresses on the wire come from the ranges of RFC 2544
// and RFC 6598, AS numbers from RFC 5398, employers and schools use the domain
// .example of RFC 2606, names are made of syllables and say nothing about where
// a person lives or what the person does. Free-mail addresses use the domains of
// well-known providers with such names, since lists of those domains are part of
// what is tested; nobody is meant by them.
//
// The same options give the same bytes.
package simulate
