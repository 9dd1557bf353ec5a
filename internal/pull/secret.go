package pull

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Secret is where a secret is kept: "env:NAME" or "file:PATH". A secret itself
// never stands in a plan, because plans are copied, shown and committed.
type Secret string

// check says what is wrong with a reference without repeating it: it may be the
// secret itself.
func (s Secret) check() error {
	kind, ref, ok := strings.Cut(string(s), ":")
	switch {
	case !ok || kind != "env" && kind != "file":
		return errors.New("a secret does not stand in the plan; write env:NAME or file:PATH, and if a real one stood here, revoke it")
	case strings.TrimSpace(ref) == "":
		return fmt.Errorf("%s: names nothing", kind)
	case kind == "env" && strings.ContainsAny(ref, "= \t"):
		return errors.New("the name of the variable has a space or = in it")
	}
	return nil
}

// path returns the file of a file: reference; relative ones lie beside the plan.
func (s Secret) path(dir string) string {
	p := strings.TrimPrefix(string(s), "file:")
	if !filepath.IsAbs(p) {
		p = filepath.Join(dir, p)
	}
	return p
}

// read returns the secret. Warning says that others can read its file.
func (s Secret) read(dir string, getenv func(string) string) (value, warning string, err error) {
	if name, ok := strings.CutPrefix(string(s), "env:"); ok {
		if value = strings.TrimSpace(getenv(name)); value == "" {
			return "", "", fmt.Errorf("the variable %s is empty; set it in the environment of this command", name)
		}
		return value, "", nil
	}
	p := s.path(dir)
	info, err := os.Stat(p)
	if errors.Is(err, fs.ErrNotExist) {
		return "", "", fmt.Errorf("%s does not exist; write the secret into it, mode 0600", p)
	}
	if err != nil {
		return "", "", err
	}
	if info.Size() > 64<<10 {
		return "", "", fmt.Errorf("%s has %d bytes and is no secret", p, info.Size())
	}
	b, err := os.ReadFile(p)
	if err != nil {
		return "", "", err
	}
	if value = strings.TrimSpace(string(b)); value == "" {
		return "", "", fmt.Errorf("%s is empty", p)
	}
	if info.Mode().Perm()&0o077 != 0 {
		warning = fmt.Sprintf("%s can be read by others; chmod 600 it", p)
	}
	return value, warning, nil
}
