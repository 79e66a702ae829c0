package open311

import (
	"errors"
	"io"
	"math"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"otklik/app"
)

// Bounds of a request. The description's is the standard's.
const (
	maxBody        = 8 << 20 // bytes, with the picture
	maxDescription = 4000    // letters
	maxField       = 500     // letters of any other field
)

// posted is a request as it is kept until it is read.
type posted struct {
	At           time.Time `json:"at"`
	Group        string    `json:"group"`
	Topic        string    `json:"topic"`
	Service      string    `json:"service"` // its name
	Description  string    `json:"description"`
	Address      string    `json:"address"`
	Municipality string    `json:"municipality"`
	Lat          *float64  `json:"lat,omitempty"`
	Long         *float64  `json:"long,omitempty"`
	Author       string    `json:"author"`
	Contact      string    `json:"contact"`
	Link         string    `json:"link"`
	Picture      []byte    `json:"picture,omitempty"`
}

// form reads the fields and the picture of a request.
func form(r *http.Request) (fields url.Values, picture []byte, err error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		err = r.ParseMultipartForm(maxBody) // which the body does not exceed: nothing goes to disk
	} else {
		err = r.ParseForm()
	}
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, nil, wrong(http.StatusBadRequest, "обращение слишком велико")
	}
	if err != nil {
		return nil, nil, wrong(http.StatusBadRequest, "обращение не читается: нужна форма application/x-www-form-urlencoded или multipart/form-data")
	}
	if r.MultipartForm == nil || len(r.MultipartForm.File["media"]) == 0 {
		return r.Form, nil, nil
	}
	f, err := r.MultipartForm.File["media"][0].Open()
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	picture, err = io.ReadAll(f)
	return r.Form, picture, err
}

// read checks a request against the services of the region. Fields nobody asked for
// are left alone.
func read(fields url.Values, picture []byte, s services, region *app.Region) (p posted, err error) {
	for name, all := range fields {
		for _, text := range all {
			most := maxField
			if name == "description" {
				most = maxDescription
			}
			if !utf8.ValidString(text) || utf8.RuneCountInString(text) > most {
				return p, wrong(http.StatusBadRequest, "поле слишком длинно или не в UTF-8")
			}
		}
	}
	get := func(name string) string { return strings.TrimSpace(fields.Get(name)) }
	code := get("service_code")
	if code == "" {
		return p, wrong(http.StatusBadRequest, "не указан вид обращения (service_code)")
	}
	sub, known := s.of[code]
	if !known {
		return p, errNoService
	}
	p = posted{
		Group: sub.group, Topic: sub.topic, Service: sub.name, Description: get("description"), Link: pictureLink(get("media_url")),
		Author:  strings.TrimSpace(get("first_name") + " " + get("last_name")),
		Contact: strings.Join(slices.DeleteFunc([]string{get("email"), get("phone")}, func(s string) bool { return s == "" }), ", "),
	}
	if err := p.place(get); err != nil {
		return p, err
	}
	if len(picture) > 0 {
		if f := (app.File{Type: app.FileType(picture)}); !f.Image() {
			return p, wrong(http.StatusBadRequest, "media — не снимок")
		}
		p.Picture = picture
	}
	return p, p.attributes(fields, region)
}

// place reads where it is: the standard asks for one of three.
func (p *posted) place(get func(string) string) error {
	p.Address = get("address_string")
	if id := get("address_id"); p.Address == "" && id != "" {
		p.Address = "address_id " + id
	}
	lat, long := get("lat"), get("long")
	if lat == "" && long == "" {
		if p.Address == "" {
			return wrong(http.StatusBadRequest, "не указано место: lat и long, address_string или address_id")
		}
		return nil
	}
	if p.Lat, p.Long = coordinate(lat, 90), coordinate(long, 180); p.Lat == nil || p.Long == nil {
		return wrong(http.StatusBadRequest, "lat и long — градусы WGS84, и оба")
	}
	if p.Address == "" {
		p.Address = lat + ", " + long
	}
	return nil
}

// coordinate reads degrees, nil where they are none.
func coordinate(text string, most float64) *float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || math.Abs(n) > most {
		return nil
	}
	return &n
}

// attributes reads what the definition of the service asks for: attribute[CODE] has one
// value, attribute[CODE][] several.
func (p *posted) attributes(fields url.Values, region *app.Region) error {
	values := func(code string) []string {
		all := slices.Concat(fields["attribute["+code+"]"], fields["attribute["+code+"][]"])
		return slices.DeleteFunc(all, func(s string) bool { return s == "" })
	}
	for _, key := range values(attrMunicipality) {
		name, known := nameOf(municipalities(region), key)
		if !known || p.Municipality != "" {
			return wrong(http.StatusBadRequest, "attribute["+attrMunicipality+"] — одно из значений, что даёт описание вида обращений")
		}
		p.Municipality = name
	}
	var told []string
	for _, key := range values(attrCircumstances) {
		name, known := nameOf(circumstances, key)
		if !known {
			return wrong(http.StatusBadRequest, "attribute["+attrCircumstances+"] — значения, что даёт описание вида обращений")
		}
		if !slices.Contains(told, name) {
			told = append(told, name)
		}
	}
	if len(told) > 0 {
		p.Description = strings.TrimSpace(p.Description + "\n" + strings.Join(told, ". ") + ".")
	}
	return nil
}

// pictureLink keeps an address of the web. It is for people: the server does not go
// where strangers send it.
func pictureLink(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return u.String()
}
