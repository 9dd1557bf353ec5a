package frame

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// magics are the beginnings of files that are not read, with the words for the
// user. Offsets other than 0 stand in at.
var magics = []struct {
	at   int
	mark string
	why  string
}{
	{0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old or encrypted Office file: save it as .xlsx or .csv without a password"},
	{0, "BZh", "bzip2 archive: unpack it first"},
	{0, "\xFD7zXZ\x00", "xz archive: unpack it first"},
	{0, "7z\xBC\xAF\x27\x1C", "7z archive: unpack it first"},
	{0, "Rar!\x1A\x07", "RAR archive: unpack it first"},
	{257, "ustar", "tar archive: unpack it first"},
	{0, "\x89PNG\r\n\x1A\n", "PNG image"},
	{0, "\xFF\xD8\xFF", "JPEG image"},
	{0, "GIF8", "GIF image"},
	{8, "WEBP", "WebP image"},
	{8, "AVI ", "AVI video"},
	{0, "II*\x00", "TIFF image"},
	{0, "MM\x00*", "TIFF image"},
	{4, "ftyp", "MP4 video or HEIC image"},
	{0, "\x1A\x45\xDF\xA3", "Matroska or WebM video"},
	{0, "ID3", "MP3 audio"},
	{0, "OggS", "Ogg audio"},
	{0, "RIFF", "RIFF audio"},
	{0, "SQLite format 3\x00", "SQLite database: export its tables as CSV"},
	{0, "PAR1", "Parquet file: export it as CSV or NDJSON"},
	{0, "Obj\x01", "Avro file: export it as CSV or NDJSON"},
	{0, "ElfFile\x00", "Windows event log: export it as JSON"},
	{0, "\xD4\xC3\xB2\xA1", "packet capture"},
	{0, "\xA1\xB2\xC3\xD4", "packet capture"},
	{0, "\x0A\x0D\x0D\x0A", "packet capture"},
	{0, "\x7FELF", "program"},
	{0, "MZ", "Windows program"},
	{0, "\xFE\xED\xFA", "macOS program"},
	{0, "\xCF\xFA\xED\xFE", "macOS program"},
	{0, "{\\rtf", "RTF document: save it as .docx, .pdf or .txt"},
	{0, "%!PS", "PostScript document: save it as .pdf"},
	{0, "-----BEGIN ", "key or certificate"},
	{0, "BEGIN:VCARD", "vCard address book"},
	{0, "BEGIN:VCALENDAR", "iCalendar file"},
}

// magicWhy returns why a file is not read, "" if its beginning is not known.
func magicWhy(head []byte) string {
	for _, m := range magics {
		if len(head) >= m.at && bytes.HasPrefix(head[m.at:], []byte(m.mark)) {
			return m.why
		}
	}
	return ""
}

var (
	markdownLine = regexp.MustCompile("^(#{1,6} ?\\S|```|\\* |- \\[|!?\\[[^]]+\\]\\(|\\|.*\\|$|> )")
	yamlKey      = regexp.MustCompile(`^\s*(?:- )?["']?[\w./@-]+["']?:(?: .*)?$`)
	yamlOpen     = regexp.MustCompile(`^\s*(?:- )?["']?[\w./@-]+["']?:$`)
	sqlLine      = regexp.MustCompile(`(?i)^(create table|insert into|drop table|select |begin;|set names)`)
	mailLine     = regexp.MustCompile(`^(Received|Return-Path|Delivered-To|MIME-Version|Message-ID|From|DKIM-Signature): `)
	codeLine     = regexp.MustCompile(`^(#!/|package \w+$|import \w|from \w+ import |#include |<\?php|using System|const \w+ = require)`)
)

// knownText names text formats that could be mistaken for a table.
func knownText(lines []string) string {
	first := lines[0]
	if why := stolenText(lines); why != "" {
		return why
	}
	switch {
	case first == "---" && len(lines) > 1 && yamlKey.MatchString(lines[1]):
		if slices.Contains(lines[1:], "---") {
			return "Markdown text"
		}
		return "YAML file"
	case sqlLine.MatchString(first):
		return "SQL script: export the tables as CSV"
	case codeLine.MatchString(first):
		return "program text"
	case mailLine.MatchString(first) && len(lines) > 2 && strings.Contains(lines[1]+lines[2], ": "):
		return "e-mail message"
	case first == "```", first[0] == '#' && (strings.HasPrefix(strings.TrimLeft(first, "#"), " ") && len(lines) > 1 || markdownShare(lines) >= 0.1):
		return "Markdown text"
	}
	opens, keys := 0, 0
	for i, l := range lines {
		if yamlKey.MatchString(l) {
			keys++
		}
		if yamlOpen.MatchString(l) && i+1 < len(lines) && indentOf(lines[i+1]) > indentOf(l) {
			opens++
		}
	}
	if opens > 0 && keys*10 >= len(lines)*6 {
		return "YAML file"
	}
	return ""
}

// markdownShare returns the share of lines behind the first that carry marks of
// Markdown.
func markdownShare(lines []string) float64 {
	marks := 0
	for _, l := range lines[1:] {
		if markdownLine.MatchString(l) {
			marks++
		}
	}
	return float64(marks) / float64(max(1, len(lines)-1))
}

func indentOf(l string) int { return len(l) - len(strings.TrimLeft(l, " \t")) }

// binaryShare returns the share of control characters.
func binaryShare(b []byte) float64 {
	n := 0
	for _, c := range b {
		if c < ' ' && !isSpace(c) && c != '\f' && c != recordSep && c != unitSep && c != 0x1B {
			n++
		}
	}
	return float64(n) / float64(max(1, len(b)))
}
