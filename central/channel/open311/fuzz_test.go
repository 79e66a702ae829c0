package open311

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func FuzzPost(f *testing.F) {
	f.Add("application/x-www-form-urlencoded", good().Encode())
	f.Add("application/x-www-form-urlencoded", "a=%zz&attribute[circumstances][]=danger")
	f.Add("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"lat\"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a\"\r\n\r\n\xFF\xD8\xFF\r\n--x--\r\n")
	w := newWorld(f)
	s := servicesOf(w.e.Region)
	f.Fuzz(func(t *testing.T, kind, body string) {
		q := httptest.NewRequestWithContext(t.Context(), http.MethodPost, Prefix+"requests.xml", strings.NewReader(body))
		q.Header.Set("Content-Type", kind)
		fields, picture, err := form(q)
		if err != nil {
			return
		}
		p, err := read(fields, picture, s, w.e.Region)
		if err == nil && p.Address == "" {
			t.Errorf("without a place: %q", body)
		}
		publicStreet(fields.Get("address_string"))
		// Nobody comes in without a key, and every answer is whole.
		r := httptest.NewRecorder()
		q = httptest.NewRequestWithContext(t.Context(), http.MethodPost, Prefix+"requests.xml", strings.NewReader(body))
		q.Header.Set("Content-Type", kind)
		w.e.ServeHTTP(r, q)
		answer := "errors"
		if r.Code == http.StatusOK && fields.Get("api_key") == goodKey {
			answer = "posted"
		}
		if err := holds("xml", r.Body.String(), answer); err != nil {
			t.Errorf("%d %v: %s", r.Code, err, r.Body)
		}
	})
}

func FuzzLoad(f *testing.F) {
	f.Add(`[{"service_request_id":1,"status":"open","requested_datetime":"2026-07-01T10:00:00Z","lat":"1","long":2}]`)
	f.Add(`{"a":[1,{}],"service_requests":[{"service_request_id":"x","requested_datetime":"2026-07-01T10:00:00+03:00","expected_datetime":null}]}`)
	f.Add("\uFEFF[]")
	f.Fuzz(func(t *testing.T, in string) {
		err := readRows(strings.NewReader(in), func(r row) error {
			if r.check() == "" && (r.ID == "" || !readable(r.at) || latest(r.at) <= latest(r.at.AddDate(1, 0, 0))) {
				t.Errorf("%+v", r)
			}
			return nil
		})
		if err != nil && err != errNotRequests {
			t.Error(err)
		}
	})
}
