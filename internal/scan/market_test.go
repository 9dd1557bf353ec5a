package scan

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// market is an invented platform: accounts that stand alone, homes in which two
// share a computer, agencies that say so, and operators. Account numbers of the
// latter by kind are the truth.
type market struct {
	operators, homes, agencies [][]string
}

// account is one row of the export.
type account struct {
	name, country, iban, browser, agency string
	ip                                   [4]byte
	made, seen                           time.Time
	phone                                int
}

// writeMarket writes n accounts and muster.yaml into a folder. The same n and seed
// give the same bytes.
//
// One account in fifty lives with another and shares its browser and line, every
// second such pair also the account that is paid to. One account in a hundred
// belongs to an agency of five to twenty with one payout account. One in a
// thousand, and at least 24, is run by an operator of six to twelve: they are paid
// into accounts shared by three to five, and worked from browsers shared by two to
// four, so that no single value joins them all. A fifth of all accounts come
// through addresses that a carrier gives to hundreds, and a quarter show the
// fingerprint of a model of telephone that hundreds have.
func writeMarket(dir string, n int, seed uint64) (*market, error) {
	r := rand.New(rand.NewPCG(seed, 20))
	rows := make([]account, n)
	start := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	countries := []string{"DE", "PL", "IE", "PT", "RO", "US", "CA", "IN", "PH", "BR", "UA", "ES"}
	for i := range rows {
		a := account{
			name: "G" + letters(r.IntN(4000)) + " F" + letters(r.IntN(20000)), country: countries[r.IntN(len(countries))],
			iban: fmt.Sprintf("ACC%012d", i), browser: fmt.Sprintf("fp-%08x", i*7+1), phone: i,
			ip: [4]byte{byte(60 + i>>16&31), byte(i >> 8), byte(i), byte(1 + i>>21)},
		}
		a.made = start.Add(time.Duration(r.IntN(1000*86400)) * time.Second)
		a.seen = a.made.Add(time.Duration(r.IntN(int(time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC).Sub(a.made)/time.Second))) * time.Second)
		if r.IntN(5) == 0 {
			a.ip = [4]byte{100, 100, byte(r.IntN(1 + n/50000)), byte(r.IntN(100))}
			a.ip[0] = 45 // a public address of a carrier
		}
		if r.IntN(4) == 0 {
			a.browser = fmt.Sprintf("model-%04d", r.IntN(1+n/1000))
		}
		rows[i] = a
	}
	m := &market{}
	free := r.Perm(n)
	take := func(k int) []int {
		out := free[:k]
		free = free[k:]
		return out
	}
	ids := func(list []int) (out []string) {
		for _, i := range list {
			out = append(out, accountID(i))
		}
		return out
	}
	for range n / 100 {
		pair := take(2)
		x, y := &rows[pair[0]], &rows[pair[1]]
		x.browser, x.ip = fmt.Sprintf("fp-home-%d", pair[0]), [4]byte{92, byte(pair[0] >> 16), byte(pair[0] >> 8), byte(pair[0])}
		y.browser, y.ip, y.country = x.browser, x.ip, x.country
		y.seen = x.seen.Add(time.Duration(r.IntN(3000)) * time.Second)
		if r.IntN(2) == 0 {
			y.iban = x.iban
		}
		m.homes = append(m.homes, ids(pair))
	}
	for done := 0; done < n/100; {
		staff := take(5 + r.IntN(16))
		done += len(staff)
		first := rows[staff[0]]
		for _, i := range staff {
			rows[i].agency, rows[i].iban, rows[i].ip, rows[i].country = "Agency "+letters(staff[0]), first.iban, first.ip, first.country
			rows[i].seen = first.seen.Add(time.Duration(r.IntN(3000)) * time.Second)
		}
		m.agencies = append(m.agencies, ids(staff))
	}
	for done := 0; done < max(24, n/1000); {
		ring := take(6 + r.IntN(7))
		done += len(ring)
		for k, i := range ring {
			rows[i].iban = fmt.Sprintf("ACR%09d%03d", ring[0], k/(3+len(ring)%3))
			rows[i].browser = fmt.Sprintf("fp-ring-%d-%d", ring[0], (k+1)/3)
			if k%4 == 3 {
				rows[i].phone = rows[ring[k-1]].phone
			}
		}
		m.operators = append(m.operators, ids(ring))
	}
	return m, writeAccounts(dir, rows)
}

func accountID(i int) string { return fmt.Sprintf("A%08d", i) }

// letters writes a number in letters, so that names look like no numbers.
func letters(i int) string {
	s := []byte(strconv.FormatInt(int64(i), 26))
	for k, c := range s {
		if c <= '9' {
			s[k] = 'q' + (c-'0')%10
		}
	}
	return string(s)
}

func writeAccounts(dir string, rows []account) error {
	settings := "organisation: Sample Market\nmode: marketplace\nnotices: {monitoring: [{country: \"*\", date: 2022-01-01}]}\n"
	if err := os.WriteFile(filepath.Join(dir, "muster.yaml"), []byte(settings), 0o600); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, "accounts.csv"))
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprintln(w, "account_id,username,full_name,email,phone,country,created_at,payout_method,payout_account,device_fingerprint,signup_ip,last_login_at,last_login_ip,agency")
	for i := range rows {
		a := &rows[i]
		ip := fmt.Sprintf("%d.%d.%d.%d", a.ip[0], a.ip[1], a.ip[2], a.ip[3])
		fmt.Fprintf(w, "%s,u%d,%s,user%d@mail.example.com,+1205%07d,%s,%s,Bank,%s,%s,%s,%s,%s,%s\n",
			accountID(i), i, a.name, i, a.phone%10000000, a.country, a.made.Format(time.RFC3339), a.iban, a.browser, ip, a.seen.Format(time.RFC3339), ip, a.agency)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}
