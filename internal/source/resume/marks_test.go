package resume

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMarks(t *testing.T) {
	tiff := "MM\x00*\x00\x00\x00\x08\x00\x03" +
		"\x01\x0f\x00\x02\x00\x00\x00\x08\x00\x00\x00\x32" + "\x01\x10\x00\x02\x00\x00\x00\x0a\x00\x00\x00\x3a" + "\x01\x31\x00\x02\x00\x00\x00\x03Ed\x00\x00" +
		"\x00\x00\x00\x00Example\x00Example 5\x00"
	for _, c := range []struct {
		name, data string
		want       []string
	}{
		{"nothing", "\xff\xd8\xff\xe0JFIF", nil},
		{"EXIF", "\xff\xd8\xff\xe1\x00\x50Exif\x00\x00" + tiff, []string{"camera:Example 5", "software:Ed"}},
		{"EXIF cut off", "\xff\xd8\xff\xe1\x00\x50Exif\x00\x00" + tiff[:30], nil},
		{"EXIF that points away", "\xff\xd8\xffExif\x00\x00II*\x00\xff\xff\xff\xff", nil},
		{"digital source type", "\xff\xd8\xff<x>http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia</x>", []string{"generated"}},
		{"content credentials", "\xff\xd8\xff jumbc2pa\xa1\x6fclaim_generator\x6cExample/1.0 (x)", []string{"c2pa:Example/1.0"}},
		{"prompt in PNG", "\x89PNG\r\n\x1a\n\x00\x00\x00\x20tEXtparameters\x00a portrait", []string{"generated"}},
		{"the word in a text", "parameters\x00a portrait", nil},
	} {
		if d := cmp.Diff(c.want, marks([]byte(c.data))); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

func FuzzMarks(f *testing.F) {
	f.Add([]byte("\xff\xd8\xffExif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x31\x01\x02\x00\x05\x00\x00\x00\x1a\x00\x00\x00abcde c2pa claim_generator\x78\x05abcde"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, m := range marks(data) {
			if len(m) > maxMark+16 {
				t.Errorf("%q is too long", m)
			}
		}
	})
}
