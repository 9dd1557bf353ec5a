package pull

import (
	"fmt"
	"strings"
)

// Guide returns a piece of a plan for a vendor with what to grant and where to click,
// as YAML with comments.
func Guide(v *Vendor) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# %s", v.Title)
	line("# %s", v.Docs)
	line("#")
	line("# 1. %s.", v.Grant)
	line("# 2. Grant these, all read-only, and nothing else:")
	granted := map[string]bool{}
	for i := range v.Streams {
		if s := &v.Streams[i]; !granted[s.Scope] {
			granted[s.Scope] = true
			line("#      %s", s.Scope)
		}
	}
	line("# 3. Put this into pull.yaml, and the secret into the environment or a file (mode 0600) outside of the folder.")
	line("vendors:")
	line("- vendor: %s", v.ID)
	if v.URL == "" {
		line("  url: %s", v.Example)
	}
	for _, k := range v.Needs {
		line("  %s: %s", k, needed[k])
	}
	for _, k := range v.Secrets {
		if k == "key" {
			line("  key: file:/etc/muster/%s.json", v.ID)
			continue
		}
		line("  %s: env:%s_%s", k, strings.ToUpper(strings.ReplaceAll(v.ID, "-", "_")), strings.ToUpper(k))
	}
	line("  streams:")
	for i := range v.Streams {
		s := &v.Streams[i]
		mark := ""
		if s.Optional {
			mark = "# "
		}
		line("  %s- %s  # %s", mark, s.Name, s.Title)
	}
	return b.String()
}

// needed is what stands for the keys of a plan that are to be filled in.
var needed = map[string]string{
	"org": "example-org", "tenant": "00000000-0000-0000-0000-000000000000  # directory (tenant) id",
	"account": "EXAMPLE-ACCOUNT-ID", "client_id": "EXAMPLE-CLIENT-ID", "subject": "admin@example.com",
}
