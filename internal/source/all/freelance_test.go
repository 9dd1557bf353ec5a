package all

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"muster/internal/record"
)

// TestFreelance reads what a European company without rows in an HR system has:
// contracts of Upwork, the suppliers and the invoices received. Freelancers have a
// persona, an engagement and an account, and share handles over the sources;
// suppliers that are companies have none.
func TestFreelance(t *testing.T) {
	dir := t.TempDir()
	for _, file := range []string{"upwork_contracts/contracts.csv", "generic_suppliers/vendors.csv", "ubl_invoices/invoice.xml", "ubl_invoices/company.xml"} {
		folder, name := filepath.Split(file)
		data, err := os.ReadFile(filepath.Join("..", "mapping", folder, "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, records := readFolder(t, dir)
	sources := map[string][]string{} // handle and kind of record → sources
	hashes := map[string]bool{}
	for _, r := range records {
		who := r.(interface{ Of() *record.Subject }).Of()
		if strings.Contains(who.Name, "GmbH") {
			t.Errorf("a company became a %s", r.Kind())
		}
		for _, h := range append([]record.Handle{who.Handle}, who.Handles...) {
			k := string(r.Kind()) + " " + string(h)
			sources[k] = append(sources[k], r.Meta().Ref.Source)
		}
		if a, ok := r.(*record.PaymentAccount); ok && string(who.Handle) == "supplier:70012" {
			hashes[a.AccountHash] = true
		}
	}
	for k, want := range map[string][]string{
		"persona email:robin@example.org":         {"generic.supplier", "ubl.invoice", "upwork.contract"},
		"engagement email:robin@example.org":      {"generic.supplier", "ubl.invoice", "upwork.contract"},
		"persona supplier:70012":                  {"generic.supplier", "ubl.invoice"},
		"payment_account supplier:70012":          {"generic.supplier", "ubl.invoice"},
		"payment_account email:robin@example.org": {"generic.supplier", "ubl.invoice"},
		"engagement upwork:~01cccc0000dddd2222":   {"upwork.contract"},
	} {
		got := sources[k]
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: from %v, want %v", k, got, want)
		}
	}
	if len(hashes) != 1 || hashes[""] {
		t.Errorf("the account of the supplier list and of the invoice differ: %v", hashes)
	}
}
