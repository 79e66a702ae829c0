package open311

import (
	"net/http"
	"strings"

	"otklik/app"
)

// Codes of attributes every service has.
const (
	attrMunicipality  = "municipality"
	attrCircumstances = "circumstances"
)

// circumstances are what may be told besides the description.
var circumstances = []value{
	{"danger", "Есть опасность для людей"},
	{"again", "Уже обращались, проблема повторилась"},
	{"many", "Касается многих жителей"},
}

// otherService is of appeals that stand under no topic of the region.
const otherService = "Другой вопрос"

// services of a region: each topic is one, each group is one for what has no topic in
// it, and one is for the rest.
type services struct {
	list []service
	of   map[string]subject // by code
}

// subject is what a service says of an appeal.
type subject struct{ group, topic, name string }

// codeOf gives the code of a service: the same as long as group and topic have their
// names, whatever else the table gains or loses.
func codeOf(group, topic string) string { return app.IDFrom("open311 service", group, topic)[:12] }

func servicesOf(r *app.Region) services {
	s := services{of: map[string]subject{}}
	add := func(group, topic, name string) {
		code := codeOf(group, topic)
		if _, twice := s.of[code]; twice {
			return
		}
		s.of[code] = subject{group, topic, name}
		one := service{Code: code, Name: name, Metadata: true, Type: "realtime", Group: group}
		if topic != "" {
			for _, t := range r.TopicTexts {
				if t.Topic == topic {
					one.Description, one.Keywords = t.Must, strings.Join(t.Words, ", ")
				}
			}
		}
		s.list = append(s.list, one)
	}
	for _, g := range r.Groups {
		for _, t := range g.Topics {
			add(g.Name, t, t)
		}
		add(g.Name, "", g.Name)
	}
	add("", "", otherService)
	return s
}

// find gives the service an appeal stands under: of its topic, of its group, or the
// one for the rest.
func (s services) find(group, topic string) (code, name string) {
	for _, code := range []string{codeOf(group, topic), codeOf(group, "")} {
		if sub, known := s.of[code]; known {
			return code, sub.name
		}
	}
	return codeOf("", ""), otherService
}

// municipalities gives those of the region as values of an attribute.
func municipalities(r *app.Region) (all []value) {
	for _, m := range r.Municipalities {
		all = append(all, value{app.IDFrom("open311 municipality", m.Name)[:12], m.Name})
	}
	return all
}

func attributes(r *app.Region) []attribute {
	return []attribute{
		{
			Variable: true, Code: attrMunicipality, Datatype: "singlevaluelist", Order: 1,
			Description: "Муниципальное образование", Values: municipalities(r),
		},
		{
			Variable: true, Code: attrCircumstances, Datatype: "multivaluelist", Order: 2,
			Description: "Обстоятельства", Values: circumstances,
		},
	}
}

var errNoService = wrong(http.StatusNotFound, "такого вида обращений нет (service_code)")

func (v view) definition(code string) (answer, error) {
	if _, known := v.services.of[code]; !known {
		return answer{}, errNoService
	}
	d := definition{Code: code, Attributes: attributes(v.region)}
	return answer{d, d}, nil
}

// nameOf gives the name of the value with the key.
func nameOf(values []value, key string) (name string, ok bool) {
	for _, v := range values {
		if v.Key == key {
			return v.Name, true
		}
	}
	return "", false
}
