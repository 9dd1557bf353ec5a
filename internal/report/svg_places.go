package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Measures of the places picture.
const (
	plWidth  = 520.0
	plHeight = 300.0
	plPad    = 56.0
	maxSubs  = 4 // places up to which the picture repeats what was seen there
)

// placesPicture is a plain scatter of places by longitude and latitude.
type placesPicture struct {
	Width, Height float64
	Lines         []plLine // graticule
	Spokes        []plLine // from the claimed home to the others
	Dots          []plDot
	Summary       string
}

type plLine struct {
	X1, Y1, X2, Y2 float64
	Label          string
}

type plDot struct {
	X, Y, R      float64
	LabelX       float64
	LabelY       float64
	Anchor       string // start or end
	Label, Sub   string
	Home, SignIn bool
	lat, lon     float64
}

// layoutPlaces lays out the places that have coordinates; nil if fewer than two differ.
func layoutPlaces(list []Place) *placesPicture {
	dots := groupPlaces(list)
	if len(dots) < 2 {
		return nil
	}
	proj := fitProjection(dots)
	pic := &placesPicture{Width: plWidth, Height: plHeight, Lines: proj.graticule()}
	home := slices.IndexFunc(dots, func(d plDot) bool { return d.Home })
	for i := range dots {
		d := &dots[i]
		d.X, d.Y = proj.at(d.lat, d.lon)
		if d.X > plWidth*0.6 {
			d.Anchor, d.LabelX = "end", d.X-d.R-5
		} else {
			d.Anchor, d.LabelX = "start", d.X+d.R+5
		}
		d.LabelY = d.Y + 1
	}
	var far []string
	for i := range dots {
		if home < 0 || i == home {
			continue
		}
		h := &dots[home]
		km := kilometres(h.lat, h.lon, dots[i].lat, dots[i].lon)
		pic.Spokes = append(pic.Spokes, plLine{h.X, h.Y, dots[i].X, dots[i].Y, fmt.Sprintf("%s km", thousands(int(km)))})
		away := thousands(int(km)) + " km"
		if len(dots) > maxSubs {
			dots[i].Sub = "" // the table beside the picture has it
		}
		dots[i].Sub = joinNonEmpty(", ", dots[i].Sub, away)
		far = append(far, fmt.Sprintf("%s %s km from the claimed home", dots[i].Label, thousands(int(km))))
	}
	spread(dots)
	pic.Dots = dots
	pic.Summary = joinNonEmpty(": ", plural(len(dots), "place"), strings.Join(far, "; "))
	return pic
}

// groupPlaces joins places at the same spot, within about ten kilometres.
func groupPlaces(list []Place) []plDot {
	var dots []plDot
	kinds := map[int][]string{}
	for _, p := range list {
		if p.Lat == nil || p.Lon == nil {
			continue
		}
		i := slices.IndexFunc(dots, func(d plDot) bool { return math.Abs(d.lat-*p.Lat) < 0.1 && math.Abs(d.lon-*p.Lon) < 0.1 })
		if i < 0 {
			i = len(dots)
			dots = append(dots, plDot{lat: *p.Lat, lon: *p.Lon, R: 5, Label: cmp.Or(joinNonEmpty(", ", p.City, p.Country), p.Label)})
		}
		d := &dots[i]
		d.Home = d.Home || p.Kind == "claimed_home"
		kind := words(p.Kind)
		if p.Kind == "sign_in" {
			d.SignIn, d.R = true, 5+7*math.Sqrt(p.Share)
			kind += " " + percent(p.Share)
		}
		if !slices.Contains(kinds[i], kind) {
			kinds[i] = append(kinds[i], kind)
		}
	}
	for i := range dots {
		dots[i].Sub = strings.Join(kinds[i], ", ")
		dots[i].Label = clipRunes(dots[i].Label, 28)
	}
	return dots
}

// projection is an equirectangular one, fitted to the places.
type projection struct{ lat0, lat1, lon0, lon1, sx, sy float64 }

func fitProjection(dots []plDot) projection {
	p := projection{90, -90, 180, -180, 0, 0}
	for _, d := range dots {
		p.lat0, p.lat1 = min(p.lat0, d.lat), max(p.lat1, d.lat)
		p.lon0, p.lon1 = min(p.lon0, d.lon), max(p.lon1, d.lon)
	}
	grow := func(lo, hi, least float64) (float64, float64) {
		if d := least - (hi - lo); d > 0 {
			return lo - d/2, hi + d/2
		}
		return lo, hi
	}
	p.lat0, p.lat1 = grow(p.lat0, p.lat1, 1.5)
	p.lon0, p.lon1 = grow(p.lon0, p.lon1, 3)
	shrink := math.Cos((p.lat0 + p.lat1) / 2 * math.Pi / 180)
	scale := min((plWidth-2*plPad)/((p.lon1-p.lon0)*shrink), (plHeight-2*plPad)/(p.lat1-p.lat0))
	p.sx, p.sy = scale*shrink, scale
	return p
}

func (p projection) at(lat, lon float64) (x, y float64) {
	cx, cy := (p.lon0+p.lon1)/2, (p.lat0+p.lat1)/2
	return plWidth/2 + (lon-cx)*p.sx, plHeight/2 - (lat-cy)*p.sy
}

// graticule draws meridians and parallels at a round distance.
func (p projection) graticule() []plLine {
	span := max(plHeight/p.sy, plWidth/p.sx*0.75)
	step := 1.0
	for _, s := range []float64{0.5, 1, 2, 5, 10, 15, 30, 45} {
		step = s
		if span/s <= 5 {
			break
		}
	}
	var out []plLine
	loLat, hiLat := (p.lat0+p.lat1)/2-plHeight/2/p.sy, (p.lat0+p.lat1)/2+plHeight/2/p.sy
	loLon, hiLon := (p.lon0+p.lon1)/2-plWidth/2/p.sx, (p.lon0+p.lon1)/2+plWidth/2/p.sx
	for lat := math.Ceil(max(loLat, -90)/step) * step; lat <= min(hiLat, 90); lat += step {
		_, y := p.at(lat, 0)
		out = append(out, plLine{0, y, plWidth, y, degrees(lat, "N", "S")})
	}
	for lon := math.Ceil(max(loLon, -180)/step) * step; lon <= min(hiLon, 180); lon += step {
		x, _ := p.at(0, lon)
		out = append(out, plLine{x, 0, x, plHeight, degrees(lon, "E", "W")})
	}
	return out
}

func degrees(x float64, pos, neg string) string {
	s := fmt.Sprintf("%g°", math.Abs(x))
	switch {
	case x > 0:
		return s + " " + pos
	case x < 0:
		return s + " " + neg
	}
	return s
}

// spread moves labels apart, from top to bottom.
func spread(dots []plDot) {
	order := make([]*plDot, len(dots))
	for i := range dots {
		order[i] = &dots[i]
	}
	slices.SortStableFunc(order, func(a, b *plDot) int { return cmp.Compare(a.LabelY, b.LabelY) })
	for i, d := range order {
		for _, o := range order[:i] {
			lo, hi := d.labelSpan()
			oLo, oHi := o.labelSpan()
			if lo < oHi && oLo < hi && d.LabelY-o.LabelY < 28 {
				d.LabelY = o.LabelY + 28
			}
		}
	}
}

// labelSpan is what the label of a dot covers from left to right.
func (d *plDot) labelSpan() (lo, hi float64) {
	width := charWidth * float64(max(utf8.RuneCountInString(d.Label)+2, utf8.RuneCountInString(d.Sub)))
	if d.Anchor == "end" {
		return d.LabelX - width, d.LabelX
	}
	return d.LabelX, d.LabelX + width
}

// kilometres is the great-circle distance.
func kilometres(lat1, lon1, lat2, lon2 float64) float64 {
	const rad, earth = math.Pi / 180, 6371.0
	a := math.Pow(math.Sin((lat2-lat1)*rad/2), 2) + math.Cos(lat1*rad)*math.Cos(lat2*rad)*math.Pow(math.Sin((lon2-lon1)*rad/2), 2)
	return 2 * earth * math.Asin(math.Sqrt(min(a, 1)))
}

func clipRunes(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
