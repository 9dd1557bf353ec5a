package simulate

// Demo writes the company of the demonstration into dir: about 400 staff and 3,000
// candidates. One operator runs twelve personas that claim homes on two continents
// and vouch for each other; one facilitator keeps their laptops. Among the five who
// were hired are a laptop destined for New York that is first seen in London, a
// private computer in place of a company laptop, and pay that moves to the account
// of another persona. Every innocent twin is there four times or more.
func Demo(dir string) (*Truth, error) {
	return company(Options{
		Seed: 20261120, Name: "Northwind Example Ltd", Staff: 400, Candidates: 3000, Fraud: true, Operators: 1, PersonasPerOperator: 12, HiredPerOperator: 5,
		Twins: 4, Notice: true, SignInsPerDay: 1.5,
	}, demoCast, dir)
}

// demoCast are the parts of the twelve: the first five were hired, most others were turned away.
var demoCast = []role{
	{country: "US", delivery: "farm", mode: "kvm"},
	{country: "US", delivery: "farm", mode: "both"},
	{country: "US", city: "New York", delivery: "farm", mode: "abroad"},
	{country: "US", delivery: "byod", mode: "tool"},
	{country: "US", delivery: "farm", mode: "kvm", payTo: true},
	{country: "DE", stage: stageReferences},
	{country: "GB", stage: stageReferences},
	{country: "PL", stage: stageTechnical},
	{country: "DE", stage: stagePhone},
	{country: "GB"},
	{country: "US"},
	{country: "PL"},
}
