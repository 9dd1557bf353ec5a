// Package gitlog reads what "git log" prints: the format with separators that the
// manual asks for, and the default and fuller texts.
package gitlog

import (
	"context"
	_ "embed"
	"path"
	"regexp"
	"strconv"
	"strings"

	"muster/internal/record"
	"muster/internal/source"
	"muster/internal/source/frame"
	"muster/internal/source/transform"
)

//go:embed doc.md
var doc string

// ID is the source of the records.
const ID = "gitlog.commit"

// Source reads commits.
var Source = source.Code{
	ID: ID, Title: "git log", System: "code", Doc: doc,
	Claims: claims, Read: read,
}

func claims(s *frame.Stream, _ frame.Row) int {
	if s.Shape == frame.ShapeGit {
		return 100
	}
	return 0
}

func read(ctx context.Context, in source.CodeInput, emit func(record.Record), reject func(source.Reject)) error {
	repo := repoOf(in.Stream.Path)
	c := &transform.Ctx{Zone: in.Zone, ModTime: in.Stream.ModTime, Order: in.Order}
	for b := range in.Batches {
		for i := range b.Rows {
			row := &b.Rows[i]
			parse := parseText
			if in.Stream.Format == "git-log" {
				parse = parseFields
			}
			r, bad := parse(c, string(row.Data))
			if bad != nil {
				reject(source.Reject{Line: row.Line, Offset: row.Offset, Field: bad.field, Reason: bad.reason, Excerpt: bad.text})
				continue
			}
			r.Repo, r.ObservedAt = repo, r.At
			r.Ref = record.Ref{Source: ID, Line: row.Line, Offset: row.Offset, Key: r.SHA}
			emit(r)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// fault says what is wrong with a commit.
type fault struct{ field, reason, text string }

// general are names of files that say nothing about the repository.
var general = map[string]bool{"": true, "git": true, "log": true, "gitlog": true, "git-log": true, "git_log": true, "commits": true, "history": true, "export": true}

// repoOf takes the repository's name from that of the file, or of its folder:
// "git/payments-api.log", "payments-api/git-log.txt".
func repoOf(file string) string {
	if i := strings.LastIndexByte(file, '!'); i >= 0 {
		file = file[i+1:]
	}
	clean := func(s string) string {
		s = strings.ToLower(s)
		for _, mark := range []string{"git-log-", "git_log_", "gitlog-", "gitlog_", "gitlog.", "git-log.", "log-"} {
			s = strings.TrimPrefix(s, mark)
		}
		for _, mark := range []string{"-git-log", "_git_log", "-gitlog", "_gitlog", "-log", "_log", ".git", "-commits", "_commits"} {
			s = strings.TrimSuffix(s, mark)
		}
		return s
	}
	base := path.Base(file)
	name := clean(strings.TrimSuffix(base, path.Ext(base)))
	if general[name] {
		name = clean(path.Base(path.Dir(file)))
	}
	if general[name] || name == "." || name == "/" {
		return ""
	}
	return name
}

// parseFields reads %H %an %ae %aI %cn %ce %cI %GK %s between unit separators, and
// the lines of --numstat behind it.
func parseFields(c *transform.Ctx, text string) (*record.Contribution, *fault) {
	head, rest, _ := strings.Cut(text, "\n")
	f := strings.Split(strings.Trim(head, "\x1e\r"), "\x1f")
	if len(f) < 7 {
		return nil, &fault{"", frame.ReasonWrongColumns, head}
	}
	r := &record.Contribution{
		SHA: strings.TrimSpace(f[0]), AuthorName: strings.TrimSpace(f[1]), AuthorEmail: address(f[2]),
		CommitterName: strings.TrimSpace(f[4]), CommitterEmail: address(f[5]),
	}
	if len(f) > 7 {
		signed(r, f[7])
	}
	if len(f) > 8 {
		r.Summary = strings.TrimSpace(strings.Join(f[8:], " "))
	}
	if bad := date(c, r, f[3]); bad != nil {
		return nil, bad
	}
	for line := range strings.SplitSeq(rest, "\n") {
		changes(r, line)
	}
	return r, nil
}

func date(c *transform.Ctx, r *record.Contribution, s string) *fault {
	t, reason := transform.ParseTime(c, strings.TrimSpace(s))
	if reason != "" || t.IsZero() {
		return &fault{"at", string(transform.BadTime), s}
	}
	r.At = t
	return nil
}

func address(s string) string { return strings.ToLower(strings.Trim(s, " \t\r<>")) }

// signed notes the key of a signature: the fingerprint of an SSH key or the id of
// an OpenPGP key.
func signed(r *record.Contribution, key string) {
	key = strings.TrimSpace(key)
	if strings.HasPrefix(key, "SHA256:") {
		r.SSHKeyFP = key
		return
	}
	r.SigningKeyID = key
}

var (
	person    = regexp.MustCompile(`^(.*?)\s*<([^<>]*)>\s*$`)
	numstat   = regexp.MustCompile(`^(\d+|-)\t(\d+|-)\t.`)
	shortstat = regexp.MustCompile(`^ ?(\d+) files? changed(?:, (\d+) insertions?\(\+\))?(?:, (\d+) deletions?\(-\))?$`)
	gpgKey    = regexp.MustCompile(`(?:using \S+ key(?: ID)?|key ID) ([0-9A-Fa-f]{8,40})\b`)
	sshKey    = regexp.MustCompile(`signature.* key (SHA256:\S+)`)
)

// changes counts the lines of --numstat, --shortstat and --stat.
func changes(r *record.Contribution, line string) {
	if m := numstat.FindStringSubmatch(line); m != nil {
		r.Files++
		r.Additions += count(m[1])
		r.Deletions += count(m[2])
	} else if m := shortstat.FindStringSubmatch(strings.TrimRight(line, "\r")); m != nil {
		r.Files, r.Additions, r.Deletions = count(m[1]), count(m[2]), count(m[3])
	}
}

// count is zero for the dash of binary files and for what is not there.
func count(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// parseText reads the default form and --pretty=full and fuller, with what
// --show-signature prints.
func parseText(c *transform.Ctx, text string) (*record.Contribution, *fault) {
	r := &record.Contribution{}
	merge, when, body := false, "", false
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRight(line, "\r")
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch {
		case r.SHA == "":
			sha, _, _ := strings.Cut(strings.TrimPrefix(line, "commit "), " ")
			r.SHA = sha
		case body && strings.HasPrefix(line, "    ") && r.Summary == "":
			r.Summary = strings.TrimSpace(line)
		case body:
			changes(r, line)
		case line == "":
			body = true
		case key == "Author":
			r.AuthorName, r.AuthorEmail = named(value)
		case key == "Commit":
			r.CommitterName, r.CommitterEmail = named(value)
		case key == "AuthorDate" || key == "Date":
			when = value
		case key == "Merge":
			merge = true
		default:
			signature(r, line)
		}
	}
	if r.AuthorEmail == "" {
		return nil, &fault{"author_email", "missing_required", text}
	}
	if merge {
		r.IsMerge = &merge
	}
	if when == "" { // --pretty=full has no dates
		return nil, &fault{"at", "missing_required", text}
	}
	if bad := date(c, r, when); bad != nil {
		return nil, bad
	}
	return r, nil
}

func named(s string) (name, email string) {
	if m := person.FindStringSubmatch(s); m != nil {
		return m[1], address(m[2])
	}
	return s, ""
}

func signature(r *record.Contribution, line string) {
	if m := sshKey.FindStringSubmatch(line); m != nil {
		r.SSHKeyFP = m[1]
	} else if m := gpgKey.FindStringSubmatch(line); m != nil {
		r.SigningKeyID = strings.ToUpper(m[1])
	}
}
