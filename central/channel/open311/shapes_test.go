package open311

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// shape says what the standard has in an element: its fields, those that have to be
// there marked. Order means nothing.
type shape map[string]field

type field struct {
	kind     string // "text", "moment", "number", "whole", "bool", "list"
	required bool
	item     string // of a list: the element in XML
	shape    shape  // of its items; nil: texts
	oneOf    []string
}

var (
	must  = field{kind: "text", required: true}
	may   = field{kind: "text"}
	truth = field{kind: "bool", required: true}

	discoveryShape = shape{
		"changeset": {kind: "moment", required: true}, "contact": must, "key_service": must,
		"endpoints": {kind: "list", required: true, item: "endpoint", shape: shape{
			"specification": must, "url": must, "changeset": {kind: "moment", required: true},
			"type":    {kind: "text", required: true, oneOf: []string{"production", "test"}},
			"formats": {kind: "list", required: true, item: "format"},
		}},
	}
	serviceShape = shape{
		"service_code": must, "service_name": must, "description": may, "metadata": truth,
		"type":     {kind: "text", required: true, oneOf: []string{"realtime", "batch", "blackbox"}},
		"keywords": may, "group": may,
	}
	definitionShape = shape{
		"service_code": must,
		"attributes": {kind: "list", required: true, item: "attribute", shape: shape{
			"variable": truth, "code": must, "required": truth, "datatype_description": may, "description": must,
			"datatype": {kind: "text", required: true, oneOf: []string{"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}},
			"order":    {kind: "whole", required: true},
			"values":   {kind: "list", item: "value", shape: shape{"key": must, "name": must}},
		}},
	}
	requestShape = shape{
		"service_request_id": must, "status": {kind: "text", required: true, oneOf: []string{"open", "closed"}}, "status_notes": may,
		"service_name": must, "service_code": must, "description": may, "agency_responsible": may, "service_notice": may,
		"requested_datetime": {kind: "moment", required: true}, "updated_datetime": {kind: "moment"}, "expected_datetime": {kind: "moment"},
		"address": may, "address_id": may, "zipcode": may, "lat": {kind: "number"}, "long": {kind: "number"}, "media_url": may,
	}
	createdShape = shape{"service_request_id": must, "service_notice": may, "account_id": may}
	tokenShape   = shape{"service_request_id": must, "token": must}
	errorShape   = shape{"code": {kind: "whole", required: true}, "description": must}
)

// node is an element of XML.
type node struct {
	XMLName  xml.Name
	Text     string `xml:",chardata"`
	Children []node `xml:",any"`
}

// validate checks a body against the shape of its items: in JSON they are an array, in
// XML the children of the root. Without item the body itself is of the shape.
func validate(t *testing.T, format, body string, s shape, root, item string) {
	t.Helper()
	var err error
	if format == "json" {
		err = validJSON(body, s, item != "")
	} else {
		err = validXML(body, s, root, item)
	}
	if err != nil {
		t.Errorf("%s: %v in %s", format, err, body)
	}
}

func validJSON(body string, s shape, list bool) error {
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return err
	}
	if list {
		return s.checkJSON("", v, field{kind: "list", required: true, shape: s})
	}
	return s.checkJSON("", []any{v}, field{kind: "list", shape: s})
}

func (s shape) checkJSON(name string, v any, f field) error {
	switch f.kind {
	case "list":
		all, is := v.([]any)
		if !is {
			return fmt.Errorf("%s is no array", name)
		}
		for _, one := range all {
			if f.shape == nil {
				if err := s.checkJSON(name, one, may); err != nil {
					return err
				}
				continue
			}
			object, is := one.(map[string]any)
			if !is {
				return fmt.Errorf("%s is no object", name)
			}
			for key, v := range object {
				sub, known := f.shape[key]
				if !known {
					return fmt.Errorf("%s is not of the standard", key)
				}
				if err := s.checkJSON(key, v, sub); err != nil {
					return err
				}
			}
			for key, sub := range f.shape {
				if _, has := object[key]; sub.required && !has {
					return fmt.Errorf("%s is missing", key)
				}
			}
		}
		return nil
	case "number", "whole":
		n, is := v.(json.Number)
		if !is {
			return fmt.Errorf("%s is no number", name)
		}
		return checkText(name, n.String(), f)
	case "bool":
		b, is := v.(bool)
		if !is {
			return fmt.Errorf("%s is neither true nor false", name)
		}
		return checkText(name, strconv.FormatBool(b), f)
	}
	text, is := v.(string)
	if !is {
		return fmt.Errorf("%s is no string", name)
	}
	return checkText(name, text, f)
}

func checkText(name, text string, f field) (err error) {
	switch f.kind {
	case "moment":
		_, err = time.Parse(time.RFC3339, text)
	case "number":
		_, err = strconv.ParseFloat(text, 64)
	case "whole":
		_, err = strconv.Atoi(text)
	case "bool":
		if text != "true" && text != "false" {
			err = fmt.Errorf("%q", text)
		}
	}
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", name, err)
	case text == "":
		return fmt.Errorf("%s is empty and not left out", name)
	case f.oneOf != nil && !slices.Contains(f.oneOf, text):
		return fmt.Errorf("%s is %q", name, text)
	}
	return nil
}

func validXML(body string, s shape, root, item string) error {
	if !strings.HasPrefix(body, `<?xml version="1.0" encoding="UTF-8"?>`) {
		return fmt.Errorf("no declaration")
	}
	d := xml.NewDecoder(strings.NewReader(body))
	var n node
	if err := d.Decode(&n); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("more after the root: %v", err)
	}
	if n.XMLName.Local != root {
		return fmt.Errorf("the root is %s", n.XMLName.Local)
	}
	if item == "" {
		return s.checkXML(n)
	}
	for _, c := range n.Children {
		if c.XMLName.Local != item {
			return fmt.Errorf("<%s> in <%s>", c.XMLName.Local, root)
		}
		if err := s.checkXML(c); err != nil {
			return err
		}
	}
	return nil
}

func (s shape) checkXML(n node) error {
	has := map[string]bool{}
	for _, c := range n.Children {
		name := c.XMLName.Local
		f, known := s[name]
		if !known || has[name] {
			return fmt.Errorf("<%s> is not of the standard, or stands twice", name)
		}
		has[name] = true
		if f.kind != "list" {
			if err := checkText(name, c.Text, f); err != nil {
				return err
			}
			continue
		}
		for _, one := range c.Children {
			err := error(nil)
			switch {
			case one.XMLName.Local != f.item:
				err = fmt.Errorf("<%s> in <%s>", one.XMLName.Local, name)
			case f.shape == nil:
				err = checkText(f.item, one.Text, may)
			default:
				err = f.shape.checkXML(one)
			}
			if err != nil {
				return err
			}
		}
	}
	for name, f := range s {
		if f.required && !has[name] {
			return fmt.Errorf("<%s> is missing", name)
		}
	}
	return nil
}

func TestAnswersHaveTheShapesOfTheStandard(t *testing.T) {
	w := newWorld(t)
	number := w.handed(good())
	w.handed(with(good(), "lat", "", "long", "", "description", ""))
	for _, format := range []string{"xml", "json"} {
		for _, c := range []struct {
			path       string
			shape      shape
			root, item string
		}{
			{"discovery", discoveryShape, "discovery", ""},
			{"services", serviceShape, "services", "service"},
			{"services/" + codeOf("Дороги", "Ямы и выбоины"), definitionShape, "service_definition", ""},
			{"requests", requestShape, "service_requests", "request"},
			{"requests/" + number, requestShape, "service_requests", "request"},
		} {
			status, body := w.get(c.path + "." + format)
			if status != 200 {
				t.Errorf("%s: %d", c.path, status)
			}
			validate(t, format, body, c.shape, c.root, c.item)
		}
		_, body := w.post("requests."+format, good())
		validate(t, format, body, createdShape, "service_requests", "request")
		for _, path := range []string{"services/nothing", "requests/0", "tokens/0", "nothing", "services", "requests"} {
			status, body := w.get(path + "." + format + "?jurisdiction_id=elsewhere")
			if status != 404 {
				t.Errorf("%s: %d", path, status)
			}
			validate(t, format, body, errorShape, "errors", "error")
		}
	}
	for _, path := range []string{"services", "services.yaml", ".xml.json", "requests/1.html"} {
		if status, _ := w.get(path); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
	_, body := w.get("discovery.json")
	var d discovery
	if err := json.Unmarshal([]byte(body), &d); err != nil || len(d.Endpoints) < 2 || len(d.Endpoints[0].Formats) < 2 ||
		d.Endpoints[0].URL != "https://centre.example/open311" {
		t.Errorf("%+v %v", d, err)
	}
}

// TestAValidatorRefuses: what validates is worth as much as what it refuses.
func TestAValidatorRefuses(t *testing.T) {
	for _, body := range []string{`{}`, `[{}]`, `[{"code":"400","description":"x"}]`, `[{"code":400,"description":""}]`, `[{"code":400,"description":"x","more":1}]`, `[{"code":400,"description":null}]`} {
		if validJSON(body, errorShape, true) == nil {
			t.Error(body)
		}
	}
	const head = `<?xml version="1.0" encoding="UTF-8"?>`
	for _, body := range []string{`<errors/>`, head + `<error/>`, head + `<errors><error><code>1</code></error></errors>`, head + `<errors><error><code>a</code><description>x</description></error></errors>`} {
		if validXML(body, errorShape, "errors", "error") == nil {
			t.Error(body)
		}
	}
	if err := validXML(head+`<errors><error><description>x</description><code>1</code></error></errors>`, errorShape, "errors", "error"); err != nil {
		t.Errorf("the order means nothing: %v", err)
	}
}

func TestCodesStayWhenTheTableGrows(t *testing.T) {
	w := newWorld(t)
	before := servicesOf(w.e.Region)
	grown := *w.e.Region
	grown.Groups = slices.Clone(grown.Groups)
	slices.Reverse(grown.Groups)
	grown.Groups = append(grown.Groups, grown.Groups[0])
	grown.Groups[0].Topics = append([]string{"Новая тема"}, grown.Groups[0].Topics...)
	after := servicesOf(&grown)
	for code, sub := range before.of {
		if after.of[code] != sub {
			t.Errorf("%s is %+v, was %+v", code, after.of[code], sub)
		}
	}
	if len(after.list) != len(before.list)+1 || len(after.of) != len(after.list) {
		t.Errorf("%d services of %d", len(after.list), len(before.list))
	}
}
