package open311

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// published is an answer as testdata/georeport_v2.txt writes the standard down.
type published struct {
	root  string // in XML
	field field  // of kind "list" where there are items, otherwise of the root
}

// field is one of an answer. The order of fields means nothing.
type field struct {
	kind, when string
	oneOf      []string
	item       string            // of a list: the element in XML
	fields     map[string]*field // of an item, or of the root; nil: texts
}

// standard reads the table once, by the names of answers.
var standard = sync.OnceValue(func() map[string]*published {
	table, err := os.ReadFile("testdata/georeport_v2.txt")
	if err != nil {
		panic(err)
	}
	all := map[string]*published{}
	for line := range strings.Lines(string(table)) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
		case words[0] == "answer":
			p := &published{root: words[2], field: field{fields: map[string]*field{}}}
			if len(words) > 3 {
				p.field.kind, p.field.item = "list", words[3]
			}
			all[words[1]] = p
		default:
			path := strings.Split(words[0], ".")
			in := &all[path[0]].field
			for _, name := range path[1 : len(path)-1] {
				in = in.fields[name]
			}
			f := &field{kind: words[1], when: words[2], oneOf: words[3:]}
			if f.kind == "list" {
				f.item, f.oneOf = words[3], nil
			}
			if in.fields == nil {
				in.fields = map[string]*field{}
			}
			in.fields[path[len(path)-1]] = f
		}
	}
	return all
})

// holds says what of an answer in the format is not as the standard has it.
func holds(format, body, answer string) error {
	p := standard()[answer]
	if format == "xml" {
		return p.checkXML(body)
	}
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("more after the answer: %v", err)
	}
	if p.field.kind == "list" {
		return p.field.checkJSON(answer, v)
	}
	return p.field.checkObject(v)
}

// validate fails the test where the answer does not hold.
func validate(t *testing.T, format, body, answer string) {
	t.Helper()
	if err := holds(format, body, answer); err != nil {
		t.Errorf("%s as %s: %v in %s", answer, format, err, body)
	}
}

func (f *field) checkJSON(name string, v any) error {
	switch f.kind {
	case "list":
		all, is := v.([]any)
		if !is {
			return fmt.Errorf("%s is no array", name)
		}
		for _, one := range all {
			if f.fields == nil {
				if text, is := one.(string); !is || text == "" {
					return fmt.Errorf("%s has what is no text", name)
				}
			} else if err := f.checkObject(one); err != nil {
				return err
			}
		}
		return nil
	case "number", "whole":
		n, is := v.(json.Number)
		if !is {
			return fmt.Errorf("%s is no number", name)
		}
		return f.checkText(name, n.String())
	case "truth":
		b, is := v.(bool)
		if !is {
			return fmt.Errorf("%s is neither true nor false", name)
		}
		return f.checkText(name, strconv.FormatBool(b))
	}
	text, is := v.(string)
	if !is {
		return fmt.Errorf("%s is no string", name)
	}
	return f.checkText(name, text)
}

func (f *field) checkObject(v any) error {
	object, is := v.(map[string]any)
	if !is {
		return fmt.Errorf("%v is no object", v)
	}
	for name, v := range object {
		sub, known := f.fields[name]
		if !known {
			return fmt.Errorf("%s is not of the standard", name)
		}
		if err := sub.checkJSON(name, v); err != nil {
			return err
		}
	}
	return f.checkPresence(func(name string) bool { _, has := object[name]; return has })
}

// checkPresence asks for what an item has to have.
func (f *field) checkPresence(has func(string) bool) error {
	either, of := 0, 0
	for name, sub := range f.fields {
		switch {
		case sub.when == "always" && !has(name):
			return fmt.Errorf("%s is missing", name)
		case sub.when == "either":
			of++
			if has(name) {
				either++
			}
		}
	}
	if of > 0 && either != 1 {
		return fmt.Errorf("%d of the fields one of which stands", either)
	}
	return nil
}

func (f *field) checkText(name, text string) (err error) {
	switch f.kind {
	case "moment":
		_, err = time.Parse(time.RFC3339, text)
	case "number":
		_, err = strconv.ParseFloat(text, 64)
	case "whole":
		_, err = strconv.Atoi(text)
	case "truth":
		if text != "true" && text != "false" {
			err = fmt.Errorf("%q", text)
		}
	}
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", name, err)
	case text == "":
		return fmt.Errorf("%s is empty and not left out", name)
	case len(f.oneOf) > 0 && !slices.Contains(f.oneOf, text):
		return fmt.Errorf("%s is %q", name, text)
	}
	return nil
}

// node is an element of XML.
type node struct {
	XMLName    xml.Name
	Attributes []xml.Attr `xml:",any,attr"`
	Text       string     `xml:",chardata"`
	Children   []node     `xml:",any"`
}

func readXML(body string) (n node, err error) {
	rest, declared := strings.CutPrefix(body, `<?xml version="1.0" encoding="UTF-8"?>`)
	if !declared {
		return n, fmt.Errorf("no declaration of UTF-8")
	}
	d := xml.NewDecoder(strings.NewReader(rest))
	if err := d.Decode(&n); err != nil {
		return n, err
	}
	if _, err := d.Token(); err != io.EOF {
		return n, fmt.Errorf("more after the root: %v", err)
	}
	return n, n.plain()
}

// plain says whether there are only elements: the standard has neither a namespace nor
// attributes, and no words beside elements.
func (n node) plain() error {
	if n.XMLName.Space != "" || len(n.Attributes) > 0 || len(n.Children) > 0 && strings.TrimSpace(n.Text) != "" {
		return fmt.Errorf("<%s> has more than elements or words", n.XMLName.Local)
	}
	for _, c := range n.Children {
		if err := c.plain(); err != nil {
			return err
		}
	}
	return nil
}

func (p *published) checkXML(body string) error {
	n, err := readXML(body)
	switch {
	case err != nil:
		return err
	case n.XMLName.Local != p.root:
		return fmt.Errorf("the root is %s", n.XMLName.Local)
	case p.field.kind == "list":
		return p.field.checkXML(n)
	}
	return p.field.checkElement(n)
}

func (f *field) checkXML(n node) error {
	if f.kind != "list" {
		if len(n.Children) > 0 {
			return fmt.Errorf("<%s> has elements", n.XMLName.Local)
		}
		return f.checkText(n.XMLName.Local, n.Text)
	}
	for _, one := range n.Children {
		err := error(nil)
		switch {
		case one.XMLName.Local != f.item:
			err = fmt.Errorf("<%s> in <%s>", one.XMLName.Local, n.XMLName.Local)
		case f.fields == nil:
			err = (&field{kind: "text"}).checkXML(one)
		default:
			err = f.checkElement(one)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *field) checkElement(n node) error {
	has := map[string]bool{}
	for _, c := range n.Children {
		name := c.XMLName.Local
		sub, known := f.fields[name]
		if !known || has[name] {
			return fmt.Errorf("<%s> is not of the standard, or stands twice", name)
		}
		has[name] = true
		if err := sub.checkXML(c); err != nil {
			return err
		}
	}
	return f.checkPresence(func(name string) bool { return has[name] })
}

// spark makes JSON of XML by the convention the standard has its JSON from: what holds
// items is an array, all else an object, and words are strings.
func (f *field) spark(n node) any {
	switch {
	case f.kind == "list":
		all := []any{}
		for _, c := range n.Children {
			if f.fields == nil {
				all = append(all, c.Text)
			} else {
				all = append(all, f.sparkObject(c))
			}
		}
		return all
	case f.fields != nil:
		return f.sparkObject(n)
	}
	return n.Text
}

func (f *field) sparkObject(n node) any {
	object := map[string]any{}
	for _, c := range n.Children {
		object[c.XMLName.Local] = f.fields[c.XMLName.Local].spark(c)
	}
	return object
}

// worded turns numbers and truths into the words they have in XML.
func worded(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = worded(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = worded(v[name])
		}
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return v
}
