package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"muster/internal/pack"
	"muster/internal/scan"
)

type packCmd struct {
	Make packMakeCmd `cmd:"" default:"withargs" help:"Pack exports: identifiers become tokens under a shared key, the rest is reduced to what detectors need."`
	Key  packKeyCmd  `cmd:"" help:"Make the key that the departments share."`
	Open packOpenCmd `cmd:"" help:"Show what tokens stand for. Needs both custodians of the vault."`
}

type packMakeCmd struct {
	Paths      []string `arg:"" name:"path" help:"Folders or files with exports."`
	Out        string   `required:"" placeholder:"FILE" help:"Pack to write, such as hr.muster-pack. Its vault is written beside it."`
	Key        string   `required:"" placeholder:"FILE" help:"Shared key, from muster pack key."`
	Custodian  []string `placeholder:"NAME=AGE1..." sep:"none" help:"One of the two people who can open the vault together; name two."`
	Department string   `placeholder:"NAME" help:"Whose pack it is, for the header."`
	AsOf       string   `name:"as-of" placeholder:"DATE" help:"Day that the pack stands for; later rows are left out."`
	Config     string   `placeholder:"FILE" help:"Settings. Default: muster.yaml in the first folder. What they declare goes into the pack as tokens."`
	Mappings   string   `placeholder:"DIR" help:"Folder with your own mappings."`
}

func (c *packMakeCmd) Run(e *env) error {
	raw, err := os.ReadFile(c.Key)
	if err != nil {
		return withHint(exitUsage, err, "make one with: muster pack key --out %s", c.Key)
	}
	key, err := pack.ParseKey(raw)
	if err != nil {
		return withHint(exitUsage, fmt.Errorf("%s: %w", c.Key, err), "make one with: muster pack key --out FILE")
	}
	who, err := custodians(c.Custodian)
	if err != nil {
		return err
	}
	if packs, err := pack.Headers(c.Paths); err == nil && len(packs) > 0 {
		return withHint(exitUsage, fmt.Errorf("%s: these files are packed already", strings.Join(c.Paths, ", ")), "pack the exports themselves; \"muster scan\" reads packs as they are")
	}
	in := inputFlags{AsOf: c.AsOf, Config: c.Config, Mappings: c.Mappings}
	opt, err := in.options(e, c.Paths)
	if err != nil {
		return err
	}
	opt.Key = key.Accounts()
	p := newProgress(e)
	opt.Progress = p.step
	set, inputs, err := scan.Read(e.ctx, opt)
	p.done()
	if err != nil {
		return err
	}
	var packed, vault bytes.Buffer
	rep, err := pack.Write(&packed, &vault, set, pack.Options{Key: key, Department: c.Department, AsOf: opt.AsOf, Settings: opt.Settings, Custodians: who})
	if err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	if rep.Records == 0 {
		return withHint(exitError, fmt.Errorf("%s: no records to pack", strings.Join(c.Paths, ", ")), "\"muster sources check\" says what becomes of your files")
	}
	if err := writePrivate(c.Out, packed.Bytes()); err != nil {
		return err
	}
	if inputs.Incomplete() {
		fmt.Fprintln(e.stderr, "muster: warning: parts of the input were not understood and are not in the pack; \"muster sources check\" names them")
	}
	fmt.Fprintf(e.stdout, "%s: %d records, key %s\n", c.Out, rep.Records, key.ID())
	if len(who) == 0 {
		fmt.Fprintln(e.stderr, "No custodians were named: nothing of this pack can be opened later. Name two with --custodian to keep a vault.")
		return nil
	}
	file := vaultPath(c.Out)
	if err := writePrivate(file, vault.Bytes()); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%s: %d values; %s and %s open it together. Keep it at home.\n", file, rep.Tokens, who[0].Name, who[1].Name)
	return nil
}

func vaultPath(out string) string { return strings.TrimSuffix(out, ".muster-pack") + ".muster-vault" }

func custodians(list []string) ([]pack.Custodian, error) {
	const hint = "name two people: --custodian Ana=age1... --custodian Ben=age1...; age-keygen makes a key"
	if len(list) != 0 && len(list) != 2 {
		return nil, withHint(exitUsage, fmt.Errorf("%d custodians: a vault has two", len(list)), hint)
	}
	var out []pack.Custodian
	for _, s := range list {
		name, recipient, ok := strings.Cut(s, "=")
		if !ok || strings.TrimSpace(name) == "" || !strings.HasPrefix(recipient, "age1") {
			return nil, withHint(exitUsage, fmt.Errorf("--custodian %q does not read NAME=age1…, a name and a recipient", s), hint)
		}
		out = append(out, pack.Custodian{Name: strings.TrimSpace(name), Recipient: recipient})
	}
	return out, nil
}

// writePrivate writes a file that only its owner may read, whole or not at all.
func writePrivate(path string, content []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".muster-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(content)
	if err = errors.Join(err, tmp.Chmod(0o600), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

type packKeyCmd struct {
	Out string `required:"" placeholder:"FILE" help:"File to write, readable by its owner only. An existing one is kept."`
}

func (c *packKeyCmd) Run(e *env) error {
	f, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return withHint(exitUsage, err, "packs of another key cannot be joined: to make a new key, name a new file")
	}
	key := pack.NewKey()
	_, err = io.WriteString(f, key.String()+"\n")
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%s: key %s\n", c.Out, key.ID())
	return nil
}

type packOpenCmd struct {
	What     []string `arg:"" name:"token" help:"Tokens or persona ids, as a report on packs shows them."`
	Vault    string   `required:"" placeholder:"FILE" help:"Vault of the pack."`
	Identity []string `placeholder:"FILE" sep:"none" help:"age identity of a custodian; both are needed."`
	Reason   string   `placeholder:"TEXT" help:"Why; it goes into the audit file."`
	Audit    string   `required:"" placeholder:"FILE" help:"File to which a line is added before anything is shown."`
}

// opened is a line of the audit file.
type opened struct {
	At     string   `json:"at"`
	Who    []string `json:"who"`
	What   []string `json:"what"`
	Why    string   `json:"why"`
	Vault  string   `json:"vault"`
	Values int      `json:"values"`
}

func (c *packOpenCmd) Run(e *env) error {
	if strings.TrimSpace(c.Reason) == "" {
		return withHint(exitUsage, errors.New("no reason is given"), "say why with --reason; it goes into the audit file")
	}
	if len(c.Identity) != 2 {
		return withHint(exitUsage, fmt.Errorf("%d identities: %w", len(c.Identity), pack.ErrTwoPeople), "give --identity twice, one of each custodian")
	}
	var ids [][]byte
	for _, path := range c.Identity {
		b, err := os.ReadFile(path)
		if err != nil {
			return withHint(exitUsage, err, "name the age identity file of a custodian")
		}
		ids = append(ids, b)
	}
	f, err := os.Open(c.Vault)
	if err != nil {
		return withHint(exitUsage, err, "name the vault that muster pack wrote beside the pack")
	}
	defer f.Close()
	v, err := pack.OpenVault(f, ids)
	if err != nil {
		return withHint(exitError, fmt.Errorf("%s: %w", c.Vault, err), "both custodians named when packing give their identity file")
	}
	var found []pack.Entry
	for _, what := range c.What {
		list := v.Look(what)
		if len(list) == 0 {
			fmt.Fprintf(e.stderr, "muster: warning: %s: the vault does not know %s; it may be of another department's pack\n", c.Vault, what)
		}
		found = append(found, list...)
	}
	if err := note(c.Audit, opened{
		time.Now().UTC().Format(time.RFC3339), v.Custodians, c.What, strings.TrimSpace(c.Reason), filepath.Base(c.Vault), len(found),
	}); err != nil {
		return withHint(exitError, fmt.Errorf("audit: %w", err), "nothing is shown without a line in the audit file")
	}
	for _, x := range found {
		fmt.Fprintf(e.stdout, "%s\t%s\t%s\t%s\n", x.Kind, x.Token, x.Clear, origin(x))
	}
	if len(found) == 0 {
		return exitCode(exitError)
	}
	return nil
}

func origin(x pack.Entry) string {
	switch {
	case x.File == "":
		return ""
	case x.Line == 0:
		return x.File
	}
	return fmt.Sprintf("%s:%d", x.File, x.Line)
}

// note appends a line to the audit file and waits until it is on the disk.
func note(path string, line opened) error {
	b, err := json.Marshal(line)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(b, '\n'))
	return errors.Join(err, f.Sync(), f.Close())
}
