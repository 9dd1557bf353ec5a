package infostealermachine

import "strings"

// hiringSites are places where people apply, are tested, or offer themselves for
// work: public knowledge, collected by hand.
var hiringSites = []string{
	"upwork.com", "freelancer.com", "fiverr.com", "toptal.com", "guru.com", "peopleperhour.com", "malt.com", "contra.com", "workana.com", "codementor.io",
	"indeed.com", "glassdoor.com", "ziprecruiter.com", "dice.com", "monster.com", "wellfound.com", "angel.co", "remoteok.com", "weworkremotely.com", "remotive.com",
	"hired.com", "turing.com", "crossover.com", "usebraintrust.com", "arc.dev", "gun.io", "andela.com", "flexjobs.com", "himalayas.app", "cryptojobslist.com", "web3.career",
	"greenhouse.io", "lever.co", "ashbyhq.com", "smartrecruiters.com", "icims.com", "workable.com", "jobvite.com", "myworkdayjobs.com", "breezy.hr", "recruitee.com", "teamtailor.com",
	"hackerrank.com", "codility.com", "codesignal.com", "coderbyte.com", "testgorilla.com", "karat.com", "hirevue.com",
}

// hiringSite reports whether a host is one of them.
func hiringSite(host string) bool {
	host = strings.ToLower(host)
	for _, s := range hiringSites {
		if host == s || strings.HasSuffix(host, "."+s) {
			return true
		}
	}
	return false
}
