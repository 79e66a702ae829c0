package app

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words of addresses, folded.
var (
	// streetKinds gives the usual abbreviation of each; an улица is what is meant
	// where nothing is said.
	streetKinds = kinds(map[string]string{
		"":       "ул улица улице улицу улицы улицей",
		"пр-т":   "пр-т пр-кт просп пр проспект проспекте проспекту проспекта проспектом",
		"пр-д":   "пр-д проезд проезде проезду проезда",
		"пер.":   "пер переулок переулке переулку переулка",
		"б-р":    "б-р бул бульв бульвар бульваре бульвару бульвара",
		"ш.":     "ш шоссе",
		"наб.":   "наб",
		"пл.":    "пл площадь площади",
		"туп.":   "туп тупик тупике",
		"аллея":  "ал аллея аллее",
		"тракт":  "тракт тракту тракте",
		"мкр":    "мкр мкрн мкр-н м-н микрорайон микрорайоне микрорайону микрорайона",
		"кв-л":   "кв-л квартал квартале",
		"СНТ":    "снт сдт тсн днт",
		"ГСК":    "гск",
		"проул.": "проул проулок",
	})
	houseMarks = set("д дом дома доме дому домом двд влд владение")
	// blocks are parts of a house's number by the letter that stands for them.
	blocks = kinds(map[string]string{"к": "к кор корп корпус корпуса корпусе", "с": "стр строение", "": "лит литер литера"})
	// insides are parts of a house; the number after them is not the house's.
	insides = set("кв квартира квартире квартиры подъезд подъезде под п-д эт этаж этаже оф офис пом помещение комн ком комната")
	towns   = set("г гор город города городе с село селе села д дер деревня деревне деревни п пос поселок поселке поселка пгт рп станица хутор")
	areas   = set("обл область области р-н район районе района округ округе округа мо го респ республика республики край края ао рф россия")
	passed  = set("по на у в во возле около рядом от до за между напротив и р им имени ориентир адрес адресу")
	// counted are words before which a number is not a house's.
	counted = set("день дня дней год года лет час часа часов минут минуты неделю недели недель месяц месяца месяцев раз раза человек квартир домов руб рублей тысяч")
	// ordinals end numbers in the names of streets.
	ordinals   = set("й я ый ая ой го му ом")
	adjectives = strings.Fields("ого его ому ему ая яя ой ей ую юю ый ий ом ем ым им ое ее")
)

func kinds(of map[string]string) map[string]string {
	out := map[string]string{}
	for kind, words := range of {
		for w := range strings.FieldsSeq(words) {
			out[w] = kind
		}
	}
	return out
}

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

// placeWord is a word or number of an address.
type placeWord struct {
	word    string // folded
	written string
	big     bool // begins with a capital letter
	mark    rune // what ends the phrase after it: ',' or '.'; 0: nothing
}

// number says that it begins with a digit.
func (w placeWord) number() bool { return w.word != "" && w.word[0] >= '0' && w.word[0] <= '9' }

// placeWords lists the words of an address or a text; a dash or a stroke between
// letters and digits belongs to the word.
func placeWords(text string) (words []placeWord) {
	in := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	start := -1
	for i, r := range text {
		if in(r) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
			last, _ := utf8.DecodeLastRuneInString(text[:i])
			if r == '-' && in(next) && !(unicode.IsLetter(last) && unicode.IsDigit(next)) || r == '/' && in(next) {
				continue // «Ленина-5» is a street and a house
			}
			words, start = append(words, placeWordOf(text[start:i])), -1
		}
		if n := len(words); n > 0 && words[n-1].mark == 0 {
			words[n-1].mark = words[n-1].ending(r)
		}
	}
	if start >= 0 {
		words = append(words, placeWordOf(text[start:]))
	}
	return words
}

func placeWordOf(written string) placeWord {
	first, _ := utf8.DecodeRuneInString(written)
	return placeWord{word: Fold(written), written: written, big: unicode.IsUpper(first)}
}

// longAbbreviations are those that are longer than a word that a dot does not end.
var longAbbreviations = set("просп бульв корп проул строен литер")

// ending says whether a sign after the word ends a phrase. A dot after a short word
// or an abbreviation does not.
func (w placeWord) ending(sign rune) rune {
	switch sign {
	case ',', ';', ':', '(', ')', '«', '»', '"':
		return ','
	case '!', '?', '\n':
		return '.'
	case '.':
		if utf8.RuneCountInString(w.word) > 3 && !longAbbreviations[w.word] {
			return '.'
		}
	}
	return 0
}

// says says that the word tells what stands beside it.
func (w placeWord) says() bool {
	_, street := streetKinds[w.word]
	_, block := blocks[w.word]
	return street || block || houseMarks[w.word] || insides[w.word] || towns[w.word] || areas[w.word]
}

// phraseKind is what a phrase of an address names.
type phraseKind int

const (
	phrasePlain phraseKind = iota // it does not say
	phraseStreet
	phraseTown
	phraseArea
)

// addressReader reads an address phrase by phrase.
type addressReader struct {
	words []placeWord // of the phrase
	names phraseKind

	kind         string // of the street
	told         bool   // the kind was told
	street, town []placeWord
	house        string
	plain        [][]placeWord // phrases before the street that do not say what they name
}

func readAddress(municipality string, words []placeWord) Place {
	r := &addressReader{}
	for i := 0; i < len(words); i++ {
		next := placeWord{}
		if words[i].mark == 0 && i+1 < len(words) {
			next = words[i+1]
		}
		if r.word(words[i], next) {
			i++
		}
		if words[i].mark != 0 {
			r.end()
		}
	}
	r.end()
	return r.place(municipality)
}

// word takes a word, and says whether it has taken the next one too.
func (r *addressReader) word(w, next placeWord) (both bool) {
	kind, isKind := streetKinds[w.word]
	block, isBlock := blocks[w.word]
	switch {
	case r.initial(w, next):
		r.words = append(r.words, w)
	case insides[w.word]:
		return next.number()
	case houseMarks[w.word] && next.number():
		if house, ok := houseNumber(next.word); ok && r.house == "" {
			r.house = house
		}
		return true
	case isBlock && r.house != "" && (next.number() || utf8.RuneCountInString(next.word) == 1):
		r.house += block + cyrillic(next.word)
		return true
	case areas[w.word]:
		r.names = phraseArea
	case towns[w.word] && next.big:
		if len(r.words) > 0 {
			r.end()
		}
		r.names = phraseTown
	case r.house != "" && houseLetter(w):
		if last, _ := utf8.DecodeLastRuneInString(r.house); unicode.IsDigit(last) {
			r.house += cyrillic(w.word)
		}
	case isKind && !r.told:
		if r.names == phraseTown {
			r.end()
		}
		r.kind, r.told, r.names = kind, true, phraseStreet
	case w.number():
		r.number(w, next)
	case w.says(), passed[w.word] && !w.big:
	case r.house == "" || r.names == phraseTown || len(r.street)+len(r.words) == 0:
		r.words = append(r.words, w)
	}
	return false
}

// initial says that a letter is that of a name: «К. Маркса», «ул. С. Лазо».
func (r *addressReader) initial(w, next placeWord) bool {
	return w.big && next.big && utf8.RuneCountInString(w.word) == 1 && len(r.words) == 0 && r.house == "" &&
		(r.names == phraseStreet || !towns[w.word])
}

// number takes a number: that of the house, or one in the name of a street.
func (r *addressReader) number(w, next placeWord) {
	house, isHouse := houseNumber(w.word)
	named := len(r.words) > 0 || len(r.street) > 0 && r.names != phraseStreet
	_, kindNext := streetKinds[next.word] // «5 микрорайон»
	ofName := !isHouse || !named && (r.names == phraseStreet || next.word != "" && (kindNext || !next.says()))
	switch {
	case len(w.word) > 5 && strings.Trim(w.word, "0123456789") == "": // a postcode
	case r.house != "":
	case ofName:
		r.words = append(r.words, w)
	default:
		r.house = house
	}
}

// end ends a phrase.
func (r *addressReader) end() {
	words, names := r.words, r.names
	r.words, r.names = nil, phrasePlain
	switch {
	case len(words) == 0, names == phraseArea:
	case names == phraseTown:
		r.town = words
	case names == phraseStreet, r.house != "" && !r.told: // what stands before the house
		if len(r.street) == 0 {
			r.street = words
		}
	case len(r.street) == 0:
		r.plain = append(r.plain, words)
	}
}

func (r *addressReader) place(municipality string) Place {
	p := Place{Municipality: strings.TrimSpace(Fold(municipality)), House: r.house}
	own := bare(placeWords(municipality))
	if n := len(r.plain); len(r.street) == 0 && n > 0 {
		r.street, r.plain = r.plain[n-1], r.plain[:n-1]
	}
	if n := len(r.plain); r.town == nil && n > 0 {
		r.town = r.plain[n-1]
	}
	if len(r.street) == 0 && r.house != "" { // a village has no streets
		r.street, r.town = r.town, nil
	}
	if !r.told && bare(r.street) == own { // the town alone
		return Place{}
	}
	if p.Street = streetName(r.kind, r.street); p.Street == "" {
		return Place{}
	}
	shown := r.kind
	if r.told && shown == "" {
		shown = "ул."
	}
	p.Name = strings.TrimSpace(shown + " " + spelled(r.street))
	if p.Town = bare(r.town); p.Town == own {
		p.Town = ""
	}
	if p.Town != "" {
		p.Name = spelled(r.town) + ", " + p.Name
	}
	return p
}

// streetName is the same for all spellings: of the words before the last their first
// letter («К. Маркса»), of the last without the ending of an adjective («на Лесной»).
func streetName(kind string, words []placeWord) string {
	var out []string
	for i, w := range words {
		switch {
		case w.number():
			out = append(out, w.word[:len(w.word)-len(strings.TrimLeft(w.word, "0123456789"))])
		case i == len(words)-1:
			out = append(out, withoutEnding(w.word))
		default:
			out = append(out, first(w.word))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return strings.TrimSpace(Fold(kind) + " " + strings.Join(out, " "))
}

func first(word string) string {
	_, n := utf8.DecodeRuneInString(word)
	return word[:n]
}

// stemLeast is how many letters an ending leaves at least.
const stemLeast = 3

func withoutEnding(word string) string {
	for _, e := range adjectives {
		if stem, has := strings.CutSuffix(word, e); has && utf8.RuneCountInString(stem) >= stemLeast {
			return stem
		}
	}
	return word
}

// bare are the words that name a town, without those that say it is one.
func bare(words []placeWord) string {
	var out []string
	for _, w := range words {
		if !towns[w.word] && !areas[w.word] {
			out = append(out, w.word)
		}
	}
	return strings.Join(out, " ")
}

func spelled(words []placeWord) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.written
	}
	return strings.Join(out, " ")
}

// houseDigits is how many digits the number of a house has at most.
const houseDigits = 4

// houseNumber reads the number of a house: «5», «5А», «5-а», «5/2», «5к2»; a number
// after a dash is that of a flat.
func houseNumber(word string) (house string, ok bool) {
	rest := strings.TrimLeft(word, "0123456789")
	digits := strings.TrimLeft(word[:len(word)-len(rest)], "0")
	tail := strings.TrimPrefix(rest, "-")
	switch {
	case digits == "" || len(digits) > houseDigits || ordinals[tail]:
		return "", false
	case tail != rest && placeWord{word: tail}.number():
		return digits, true
	}
	return digits + cyrillic(shortBlocks.Replace(tail)), true
}

// houseLetter says that a letter standing alone belongs to the house before it; some
// are words more often.
func houseLetter(w placeWord) bool {
	return utf8.RuneCountInString(w.word) == 1 && strings.Contains("абгдежз", cyrillic(w.word))
}

var (
	shortBlocks = strings.NewReplacer("корп", "к", "стр", "с", "-", "")
	latin       = strings.NewReplacer("a", "а", "e", "е", "c", "с", "k", "к", "b", "в")
)

// cyrillic replaces the letters of Latin that look like ours.
func cyrillic(s string) string { return latin.Replace(s) }
