package exchange

import (
	"strings"
	"sync"
	"unicode"

	"otklik/app"
)

// field is what a column means to us, whatever its heading.
type field string

const (
	fieldID           field = "id"
	fieldNumber       field = "number"
	fieldText         field = "text"
	fieldGroup        field = "group"
	fieldTopic        field = "topic"
	fieldExecutor     field = "executor"
	fieldDepartment   field = "department"
	fieldCreated      field = "created"
	fieldAnswered     field = "answered"
	fieldAnswer       field = "answer"
	fieldAnswer2      field = "answer2"
	fieldAnswer3      field = "answer3"
	fieldRouted       field = "routed"
	fieldStep         field = "step"
	fieldClosed       field = "closed"
	fieldOutcome      field = "outcome"
	fieldRegion       field = "region"
	fieldMunicipality field = "municipality"
	fieldTown         field = "town"
	fieldStreet       field = "street"
	fieldHouse        field = "house"
	fieldLink         field = "link"
	fieldAuthor       field = "author"
	fieldContact      field = "contact"
	fieldLevel        field = "level"
	fieldFounder      field = "founder"
	fieldName         field = "name"
	fieldNotKept      field = "not_kept"
	fieldOGRN         field = "ogrn"
	fieldSphere1      field = "sphere_1"
	fieldSphere2      field = "sphere_2"
	fieldSphere3      field = "sphere_3"
	fieldStatus       field = "status"
	fieldStatusAt     field = "status_at"
	fieldExternal     field = "external"
	fieldDue          field = "due"
	fieldAddress      field = "address"
	fieldDate         field = "date"
	fieldPage         field = "page"
	fieldCount        field = "count"
	fieldTitle        field = "title"
	fieldReach        field = "reach"
	fieldReactions    field = "reactions"
	fieldResponse     field = "response"
)

// profile is one format: the headings it is known by, and what its rows mean.
type profile struct {
	format   string
	headings map[field][]string // synonyms, the best first
	needs    [][]field          // of each group at least one heading is there
	read     func(in *reading, r *row)
	// titles are words in the name of a file or a sheet that say what its one column
	// without a heading holds; nil but for reference lists.
	titles map[field][]string
}

// profiles in the order they are tried: the more particular first.
var profiles = []profile{
	ownAppeals.profile(OwnAppeals, readOwnAppeal),
	ownPages.profile(OwnPages, readOwnPage),
	{
		format: "incident-manager",
		needs:  [][]field{{fieldNumber, fieldID}, {fieldText}, {fieldCreated}},
		read:   readIncident,
		headings: map[field][]string{
			fieldNumber:       {"Номер инцидента", "№ инцидента"},
			fieldID:           {"ID", "ID инцидента"},
			fieldDepartment:   {"Отдел"},
			fieldExecutor:     {"Исполнитель"},
			fieldAnswered:     {"Общее время первого ответа", "Время первого ответа", "Время 1го ответа ПИ"},
			fieldResponse:     {"Время с даты создания инцидента до времени первого ответа", "Время до первого ответа"},
			fieldAnswer:       {"Общий текст первого ответа", "Текст первого ответа", "1ый ответ ПИ"},
			fieldAnswer2:      {"2ой ответ ПИ"},
			fieldAnswer3:      {"3ий ответ ПИ"},
			fieldRouted:       {"Время назначения последнего исполнителя"},
			fieldStep:         {"Текущий шаг инцидента", "Текущий шаг"},
			fieldCreated:      {"Дата создания", "Дата создания инцидента"},
			fieldClosed:       {"Дата окончания", "Дата окончания инцидента"},
			fieldGroup:        {"Группа тем"},
			fieldTopic:        {"Тема"},
			fieldRegion:       {"Регион", "Кабинет"},
			fieldMunicipality: {"Муниципалитет"},
			fieldTown:         {"Населенный пункт"},
			fieldStreet:       {"Улица"},
			fieldHouse:        {"Дом"},
			fieldOutcome:      {"Итог"},
			fieldLink:         {"Урл поста", "URL поста", "Ссылка на пост"},
			fieldText:         {"Текст инцидента"},
			fieldAuthor:       {"URL автора", "Урл автора"},
		},
	},
	{
		format: "pages-registry",
		needs:  [][]field{{fieldName}, {fieldFounder}, {fieldLink}},
		read:   readRegistry,
		headings: map[field][]string{
			fieldLevel:    {"Уровень"},
			fieldFounder:  {"Учредитель"},
			fieldName:     {"Наименование подведомственной организации", "Наименование организации", "Наименование"},
			fieldNotKept:  {"Официальная страница не ведется на основании"},
			fieldOGRN:     {"ОГРН"},
			fieldSphere1:  {"Сфера 1", "Сфера"},
			fieldSphere2:  {"Сфера 2"},
			fieldSphere3:  {"Сфера 3"},
			fieldStatus:   {"Статус"},
			fieldExternal: {"ID госпаблика"},
			fieldLink:     {"Ссылка на госпаблик ВК", "Ссылка на госпаблик", "Ссылка на страницу", "Ссылка"},
		},
	},
	{
		format: "requests-311",
		needs:  [][]field{{fieldID}, {fieldNumber}, {fieldTopic}, {fieldCreated}, {fieldStatus}},
		read:   readCity,
		headings: map[field][]string{
			fieldID:           {"SRRecordID"},
			fieldNumber:       {"ServiceRequestNum"},
			fieldTopic:        {"SRType"},
			fieldCreated:      {"CreatedDate"},
			fieldStatus:       {"SRStatus"},
			fieldStatusAt:     {"StatusDate"},
			fieldDue:          {"DueDate"},
			fieldClosed:       {"CloseDate"},
			fieldExecutor:     {"Agency"},
			fieldOutcome:      {"Outcome"},
			fieldAddress:      {"Address"},
			fieldMunicipality: {"Neighborhood"},
		},
	},
	{
		format: "appeals",
		needs:  [][]field{{fieldText}, {fieldID, fieldCreated}, {fieldTopic, fieldGroup, fieldCreated}},
		read:   readPortal,
		headings: map[field][]string{
			fieldID:           {"id", "Номер", "№", "Номер обращения", "Номер сообщения", "ID сообщения", "ID обращения", "№ обращения", "№ сообщения"},
			fieldText:         {"text", "Текст", "Текст обращения", "Текст сообщения", "Содержание", "Суть обращения", "Описание проблемы"},
			fieldGroup:        {"category", "Категория", "Группа тем", "Категория сообщения", "Категория обращения"},
			fieldTopic:        {"theme", "Тема", "Подкатегория", "Подкатегория сообщения", "Тема обращения", "Тема сообщения"},
			fieldExecutor:     {"executor", "Исполнитель", "Ответственный исполнитель", "Ответственный", "ЛКО", "Организация", "Исполнительный орган"},
			fieldCreated:      {"Дата создания", "Дата обращения", "Дата сообщения", "Дата поступления", "Дата регистрации", "Дата подачи", "Создано"},
			fieldDue:          {"Срок", "Срок ответа", "Срок исполнения", "Крайний срок", "Ответить до", "Плановая дата ответа"},
			fieldStatus:       {"Статус", "Статус сообщения", "Статус обращения", "Состояние"},
			fieldAnswer:       {"Ответ", "Текст ответа", "Ответ заявителю"},
			fieldAnswered:     {"Дата ответа", "Дата публикации ответа", "Дата направления ответа", "Фактическая дата ответа"},
			fieldClosed:       {"Дата закрытия", "Дата завершения", "Дата окончания", "Закрыто"},
			fieldMunicipality: {"Муниципалитет", "Муниципальное образование", "МО", "Район", "Городской округ"},
			fieldTown:         {"Населенный пункт"},
			fieldStreet:       {"Улица"},
			fieldHouse:        {"Дом"},
			fieldAddress:      {"Адрес", "Адрес проблемы", "Место", "Местоположение"},
			fieldAuthor:       {"Заявитель", "Автор", "ФИО заявителя", "ФИО"},
			fieldContact:      {"Контакты", "Контакты заявителя", "Телефон", "Электронная почта", "E-mail", "Email"},
			fieldLink:         {"Ссылка", "Ссылка на сообщение", "Ссылка на обращение"},
		},
	},
	{
		format: "open311",
		needs:  [][]field{{fieldID}, {fieldStatus}, {fieldCreated}, {fieldText, fieldTopic}},
		read:   readOpen311,
		headings: map[field][]string{
			fieldID:       {"service_request_id"},
			fieldStatus:   {"status"},
			fieldAnswer:   {"status_notes"},
			fieldCreated:  {"requested_datetime"},
			fieldStatusAt: {"updated_datetime"},
			fieldDue:      {"expected_datetime"},
			fieldTitle:    {"title"},
			fieldText:     {"description", "detail"},
			fieldTopic:    {"service_name"},
			fieldExecutor: {"agency_responsible.recipient", "agency_responsible"},
			fieldAddress:  {"address"},
			fieldLink:     {"url"},
		},
	},
	{
		format: "page-months",
		needs:  [][]field{{fieldDate}, {fieldPage}, {fieldCount}},
		read:   readMonth,
		headings: map[field][]string{
			fieldDate:      {"Месяц", "month", "Отчётный месяц", "Период"},
			fieldPage:      {"Страница", "Паблик", "Сообщество", "Госпаблик", "Название страницы", "page"},
			fieldLink:      {"Ссылка", "Ссылка на страницу", "Ссылка на госпаблик", "Адрес страницы", "link"},
			fieldCount:     {"Подписчики", "Подписчиков", "Количество подписчиков", "Число подписчиков", "subscribers"},
			fieldReach:     {"Средний охват", "Средний охват поста"},
			fieldReactions: {"Среднее число реакций", "Реакций на пост"},
		},
	},
	{
		format: "daily-counts",
		needs:  [][]field{{fieldDate}, {fieldPage}, {fieldCount}},
		read:   readDaily,
		headings: map[field][]string{
			fieldDate:  {"date", "Дата"},
			fieldPage:  {"page", "Страница"},
			fieldCount: {"count", "Подписчики", "Подписчиков", "Количество"},
		},
	},
	{
		format: referenceTopics,
		needs:  [][]field{{fieldGroup}},
		read:   readTopic,
		headings: map[field][]string{
			fieldGroup: {"Группа тем", "Группа", "Категория", "group", "category"},
			fieldTopic: {"Тема", "topic", "theme"},
		},
		titles: map[field][]string{
			fieldGroup: {"группы", "групп", "категории", "категорий", "groups", "categories"},
		},
	},
	{
		format: referenceExecutors,
		needs:  [][]field{{fieldExecutor}},
		read:   readExecutor,
		headings: map[field][]string{
			fieldExecutor: {"Исполнитель", "Ответственный", "Ответственный исполнитель", "Исполнители", "executor", "executors"},
		},
		titles: map[field][]string{
			fieldExecutor: {"исполнители", "исполнителей", "ответственные", "ответственных", "executors"},
		},
	},
}

// fitBy gives the fitting of a layout: the first profile, or the one it names, whose needed
// headings all stand in the row, and the column of each field.
func fitBy(how app.Layout) fitting {
	return func(heading []string) (*profile, map[field]int) {
		for i := range profiles {
			p := &profiles[i]
			if how.Format != "" && how.Format != p.format {
				continue
			}
			columns := p.match(heading, how.Columns)
			if len(p.missing(columns)) > 0 || p.titles != nil && how.Format == "" && !p.covers(heading, columns, how.Columns) {
				continue
			}
			return p, columns
		}
		return nil, nil
	}
}

// match gives the column of each field the row of headings names. What a person said of a
// heading goes before what is known of it.
func (p *profile) match(heading []string, said map[string]string) map[field]int {
	meanings := make(map[string]string, len(said))
	for h, meaning := range said {
		meanings[headingKey(h)] = meaning
	}
	columns, at := map[field]int{}, make(map[string]int, len(heading))
	for i, h := range heading {
		key := headingKey(h)
		if meaning, is := meanings[key]; is {
			if _, has := p.headings[field(meaning)]; has {
				columns[field(meaning)] = i
			}
			continue
		}
		if _, twice := at[key]; !twice && key != "" {
			at[key] = i
		}
	}
	for f, names := range p.headings {
		for _, name := range names {
			if c, ok := at[keysOfHeadings()[name]]; ok {
				if _, has := columns[f]; !has {
					columns[f] = c
				}
				break
			}
		}
	}
	return columns
}

// profileOf gives the profile of a format, nil where there is none.
func profileOf(format string) *profile {
	for i := range profiles {
		if profiles[i].format == format {
			return &profiles[i]
		}
	}
	return nil
}

// headingMost is the longest a heading may be, in bytes.
const headingMost = 1 << 10

// keysOfHeadings are the keys of all that profiles know: they are looked for in every
// row that may be a heading, under every separator.
var keysOfHeadings = sync.OnceValue(func() map[string]string {
	keys := map[string]string{}
	for _, p := range profiles {
		for _, names := range p.headings {
			for _, name := range names {
				keys[name] = headingKey(name)
			}
		}
	}
	return keys
})

// headingKey makes headings that differ in case, spaces or ё one.
func headingKey(s string) string {
	if len(s) > headingMost {
		return s // no heading, and may have megabytes
	}
	return strings.Map(func(r rune) rune {
		switch r = unicode.ToLower(r); {
		case r == 'ё':
			return 'е'
		case unicode.IsSpace(r) || r == '\ufeff':
			return -1
		}
		return r
	}, s)
}
