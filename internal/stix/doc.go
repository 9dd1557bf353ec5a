// Package stix reads threat-sharing documents: objects of STIX 2.0 and 2.1 (OASIS,
// 10 June 2021), also from TAXII envelopes, and events, objects and attributes of
// MISP. What they report becomes a list of [Indicator]; nothing that a document
// refers to is fetched, and what is not understood is kept as inert text with the
// reason.
package stix
