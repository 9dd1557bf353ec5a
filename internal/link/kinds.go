package link

import (
	"math"

	"muster/internal/identity"
)

// trait says how much a shared value of a kind can weigh. Limit is in nats and
// follows the catalogue's strengths (strong 1.5-2.9, medium 0.7-1.4, weak
// 0.2-0.6); reliability is the share of such coincidences that mean what they
// seem to; cap is the number of holders above which the value is a hub and no
// link (linkage.md 6.3). All are design values. Parcels, lines of devices and local
// networks have higher caps than 6.3 names: forty laptops in one home are what is
// looked for (Chapman, more than 90 laptops) and no public value.
type trait struct {
	family      string
	limit       float64
	reliability float64
	cap         int
}

// Families of the catalogue that edges belong to.
const (
	famContact   = "contact"
	famText      = "text"
	famImage     = "image"
	famDevice    = "device"
	famNetwork   = "network"
	famShipping  = "shipping"
	famPayment   = "payment"
	famReference = "reference"
	famCode      = "code-identity"
	famRemote    = "remote-control"
)

var traits = map[identity.EdgeKind]trait{
	identity.EdgePhone:         {famContact, 2.9, 0.8, 8},
	identity.EdgeEmail:         {famContact, 2.9, 0.9, 8},
	identity.EdgeURL:           {famContact, 2.9, 0.8, 8},
	identity.EdgeBankAccount:   {famPayment, 2.9, 0.95, 8},
	identity.EdgeWallet:        {famPayment, 2.9, 0.95, 8},
	identity.EdgeChangeIP:      {famNetwork, 2.9, 0.6, 12},
	identity.EdgeResumeText:    {famText, 2.9, 0.9, 30},
	identity.EdgeHistory:       {famText, 1.4, 0.9, 30},
	identity.EdgeDocumentID:    {famText, 2.9, 0.8, 8},
	identity.EdgeDocumentName:  {famText, 1.4, 0.8, 8},
	identity.EdgeSectionText:   {famText, 1.4, 0.8, 30},
	identity.EdgeLetterText:    {famText, 1.2, 0.7, 8},
	identity.EdgeSkeleton:      {famText, 1.4, 0.8, 30},
	identity.EdgeSkills:        {famText, 0.6, 0.8, 30},
	identity.EdgeEducation:     {famText, 0.3, 0.8, 30},
	identity.EdgeFileMaker:     {famText, 0.6, 0.8, 8},
	identity.EdgeMailboxName:   {famContact, 1.4, 0.7, 8},
	identity.EdgePhoto:         {famImage, 2.9, 0.8, 12},
	identity.EdgeReferenceText: {famReference, 2.9, 0.7, 8},
	identity.EdgeAddress:       {famShipping, 2.9, 0.7, 25},
	identity.EdgeShipTo:        {famShipping, 2.9, 0.8, 60},
	identity.EdgeSigner:        {famShipping, 2.9, 0.6, 30}, // names coincide
	identity.EdgeSignInIP:      {famNetwork, 2.9, 0.6, 12},
	identity.EdgeDeviceIP:      {famNetwork, 2.9, 0.7, 40},
	identity.EdgeLAN:           {famNetwork, 2.9, 0.9, 40},
	identity.EdgeApplicationIP: {famNetwork, 2.9, 0.5, 12},
	identity.EdgeDevice:        {famDevice, 2.9, 0.8, 8},
	identity.EdgeUSB:           {famDevice, 2.9, 0.6, 8},
	identity.EdgeMFA:           {famDevice, 2.9, 0.9, 8},
	identity.EdgeMachine:       {famDevice, 2.9, 0.8, 25}, // one hand keeps a dozen personas on one computer
	identity.EdgeMeeting:       {famDevice, 2.9, 0.9, 8},
	identity.EdgeMonitor:       {famRemote, 2.9, 0.7, 8},
	identity.EdgeRefereePhone:  {famReference, 2.9, 0.8, 8},
	identity.EdgeRefereeEmail:  {famReference, 2.9, 0.9, 8},
	identity.EdgeRefereeOwner:  {famReference, 1.4, 0.6, 8},
	identity.EdgeReferenceIP:   {famReference, 2.9, 0.8, 8},
	identity.EdgeVouch:         {famReference, 0.3, 1, math.MaxInt},
	identity.EdgeReferral:      {famReference, 0.3, 1, math.MaxInt},
	identity.EdgeCluster:       {famContact, 0, 1, math.MaxInt},
	identity.EdgeVouchRing:     {famReference, 2.9, 0.7, 30},
	identity.EdgeVouchBlock:    {famReference, 2.9, 0.5, 30},
	identity.EdgeGitEmail:      {famCode, 2.9, 0.8, 8},
	identity.EdgeGitKey:        {famCode, 2.9, 0.9, 8},
}

// marketCap is the cap on holders where the accounts of a platform are looked at:
// an operator there runs dozens, and a value that joins them all is no hub before
// it joins more than a person can work. Fingerprints of browsers are the exception,
// a model of telephone gives thousands the same. Design values.
var marketCap = map[identity.EdgeKind]int{
	identity.EdgePhone: 40, identity.EdgeEmail: 40, identity.EdgeURL: 40, identity.EdgeBankAccount: 200, identity.EdgeWallet: 200,
	identity.EdgeDocumentID: 40, identity.EdgePhoto: 40, identity.EdgeMFA: 40, identity.EdgeDevice: 20, identity.EdgeSignInIP: 20,
}

// population is the least population that a coincidence is judged against: a
// telephone number is no less private in a small company.
const population = 1000

// weight is min(limit, ln(N/n)) * reliability, in nats, for a value with n
// holders among persons people (linkage.md 6.1).
func (t trait) weight(n, persons int) float64 {
	return max(0, min(t.limit, rarity(n, persons))*t.reliability)
}

// rarity is ln(N/n), in nats, for a value with n holders among persons people.
func rarity(n, persons int) float64 {
	return math.Log(float64(max(persons, population)) / float64(max(n, 1)))
}

// scale says what the weight of an edge was made from.
func scale(e *identity.Edge, persons int) identity.Scale {
	t := traits[e.Kind]
	return identity.Scale{Rarity: rarity(e.N, persons), Limit: t.limit, Reliability: t.reliability}
}

// Medium is the least weight of an edge that can join personas to an operator.
const Medium = identity.Medium

// coResidence is the most that an openly shared home weighs (ruling 3).
const coResidence = 1.4
