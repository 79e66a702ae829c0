package open311

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/http"
)

// specification is what discovery names the standard by.
const specification = "http://wiki.open311.org/GeoReport_v2"

// What the standard answers. A list is an array in JSON and an element in XML, so that
// lists have a type of their own; what is empty is left out.
type (
	discovery struct {
		XMLName    xml.Name  `xml:"discovery" json:"-"`
		Changeset  string    `xml:"changeset" json:"changeset"`
		Contact    string    `xml:"contact" json:"contact"`
		KeyService string    `xml:"key_service" json:"key_service"`
		Endpoints  endpoints `xml:"endpoints>endpoint" json:"endpoints"`
	}
	endpoints []endpoint
	endpoint  struct {
		Specification string  `xml:"specification" json:"specification"`
		URL           string  `xml:"url" json:"url"`
		Changeset     string  `xml:"changeset" json:"changeset"`
		Type          string  `xml:"type" json:"type"`
		Formats       formats `xml:"formats>format" json:"formats"`
	}
	formats []string

	serviceList struct {
		XMLName  xml.Name  `xml:"services"`
		Services []service `xml:"service"`
	}
	service struct {
		Code        string `xml:"service_code" json:"service_code"`
		Name        string `xml:"service_name" json:"service_name"`
		Description string `xml:"description,omitempty" json:"description,omitempty"`
		Metadata    bool   `xml:"metadata" json:"metadata"`
		Type        string `xml:"type" json:"type"`
		Keywords    string `xml:"keywords,omitempty" json:"keywords,omitempty"`
		Group       string `xml:"group,omitempty" json:"group,omitempty"`
	}

	definition struct {
		XMLName    xml.Name    `xml:"service_definition" json:"-"`
		Code       string      `xml:"service_code" json:"service_code"`
		Attributes []attribute `xml:"attributes>attribute" json:"attributes"`
	}
	attribute struct {
		Variable            bool    `xml:"variable" json:"variable"`
		Code                string  `xml:"code" json:"code"`
		Datatype            string  `xml:"datatype" json:"datatype"`
		Required            bool    `xml:"required" json:"required"`
		DatatypeDescription string  `xml:"datatype_description,omitempty" json:"datatype_description,omitempty"`
		Order               int     `xml:"order" json:"order"`
		Description         string  `xml:"description" json:"description"`
		Values              []value `xml:"values>value" json:"values,omitempty"`
	}
	value struct {
		Key  string `xml:"key" json:"key"`
		Name string `xml:"name" json:"name"`
	}

	requestList struct {
		XMLName  xml.Name  `xml:"service_requests"`
		Requests []request `xml:"request"`
	}
	request struct {
		ID          string   `xml:"service_request_id,omitempty" json:"service_request_id,omitempty"`
		Token       string   `xml:"token,omitempty" json:"token,omitempty"`
		Notice      string   `xml:"service_notice,omitempty" json:"service_notice,omitempty"`
		Status      string   `xml:"status,omitempty" json:"status,omitempty"`
		StatusNotes string   `xml:"status_notes,omitempty" json:"status_notes,omitempty"`
		ServiceName string   `xml:"service_name,omitempty" json:"service_name,omitempty"`
		ServiceCode string   `xml:"service_code,omitempty" json:"service_code,omitempty"`
		Agency      string   `xml:"agency_responsible,omitempty" json:"agency_responsible,omitempty"`
		Requested   string   `xml:"requested_datetime,omitempty" json:"requested_datetime,omitempty"`
		Updated     string   `xml:"updated_datetime,omitempty" json:"updated_datetime,omitempty"`
		Expected    string   `xml:"expected_datetime,omitempty" json:"expected_datetime,omitempty"`
		Address     string   `xml:"address,omitempty" json:"address,omitempty"`
		Lat         *float64 `xml:"lat,omitempty" json:"lat,omitempty"`
		Long        *float64 `xml:"long,omitempty" json:"long,omitempty"`
	}

	errorList struct {
		XMLName xml.Name `xml:"errors"`
		Errors  []fault  `xml:"error"`
	}
	fault struct {
		Code        int    `xml:"code" json:"code"`
		Description string `xml:"description" json:"description"`
	}
)

// Error is what the client hears of: by the standard it is shown to the citizen.
func (f fault) Error() string { return f.Description }

func wrong(code int, description string) fault { return fault{code, description} }

// status is what the standard leaves of HTTP's: 404 for what is not there, 403 for the
// key and 400 for all else, also where this server is at fault. The code is finer.
func (f fault) status() int {
	if f.Code == http.StatusNotFound || f.Code == http.StatusForbidden {
		return f.Code
	}
	return http.StatusBadRequest
}

// reply writes one answer in the format that was asked for.
type reply struct {
	w    http.ResponseWriter
	json bool
}

// answer is what the client gets, whole before it is sent: a slow client keeps no view
// of the storage open.
type answer struct{ xml, json any }

func listed(all []request) answer {
	if all == nil {
		all = []request{} // in JSON an empty list is no null
	}
	return answer{requestList{Requests: all}, all}
}

// send writes the answer. All of ours encode.
func (r reply) send(status int, a answer) {
	var body []byte
	if r.json {
		r.w.Header().Set("Content-Type", "application/json; charset=utf-8")
		body, _ = json.Marshal(a.json)
	} else {
		r.w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		body, _ = xml.Marshal(a.xml)
		body = append([]byte(xml.Header), body...)
	}
	r.w.Header().Set("X-Content-Type-Options", "nosniff")
	r.w.WriteHeader(status)
	_, _ = r.w.Write(body) // who does not read it asks again
}

func (r reply) fail(f fault) { r.send(f.status(), answer{errorList{Errors: []fault{f}}, []fault{f}}) }

// fail tells the client what is wrong with the request, and only the log what is wrong
// here.
func (e *Endpoint) fail(out reply, work string, err error) {
	var f fault
	if !errors.As(err, &f) {
		e.Log.Error("open311", "work", work, "err", err.Error())
		out.w.Header().Set("Retry-After", "5")
		f = wrong(http.StatusServiceUnavailable, "сейчас не получается, повторите позже")
	}
	out.fail(f)
}
