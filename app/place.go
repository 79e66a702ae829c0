package app

import (
	"strings"
	"unicode/utf8"
)

// Place is where the matter of an appeal is, read from an address as people spell
// it: «ул. Ленина, д. 5», «Ленина 5» and «улица Ленина дом 5» give the same. A place
// without a street is not known.
type Place struct {
	Municipality string // folded
	Town         string // folded; "" where none is named or it is the municipality's own
	Street       string // its kind, unless it is an улица, and its name without endings
	House        string // "" where none is named
	Name         string // of town and street, for people
}

// String is the place for people.
func (p Place) String() string {
	if p.House == "" {
		return p.Name
	}
	return p.Name + ", " + p.House
}

// Key is the same for the same place, "" where it is not known.
func (p Place) Key() string {
	if p.Street == "" {
		return ""
	}
	return strings.Join([]string{p.Municipality, p.Town, p.Street, p.House}, "\n")
}

// OfStreet is the street of the place.
func (p Place) OfStreet() Place {
	p.House = ""
	return p
}

// Where says what place the appeal is about: its address, or the first one that its
// title or text names.
func (a *Appeal) Where() Place {
	if p := ReadPlace(a.Municipality, a.Place); p.Street != "" {
		return p
	}
	if p := FindPlace(a.Municipality, a.Title); p.Street != "" {
		return p
	}
	return FindPlace(a.Municipality, a.Text)
}

// ReadPlace reads an address.
func ReadPlace(municipality, address string) Place {
	return readAddress(municipality, placeWords(address))
}

// streetMost is how many words of a street's name are read from a text.
const streetMost = 4

// FindPlace finds the first street that a text names, with its house where that is
// named too. Only what is called a street is found: «Ленина» alone may be a name.
func FindPlace(municipality, text string) Place {
	words := placeWords(text)
	for i, w := range words {
		if _, is := streetKinds[w.word]; !is || w.word != "ул" && utf8.RuneCountInString(w.word) < 3 {
			continue
		}
		if from, to := addressAround(words, i); to > from {
			if p := readAddress(municipality, words[from:to]); p.Street != "" {
				return p
			}
		}
	}
	return Place{}
}

// addressAround gives the words of an address in a text by the one that says what
// kind of street it is: its name after or before that, and its house. Without a name
// from is to.
func addressAround(words []placeWord, kind int) (from, to int) {
	at := func(i int) placeWord {
		if i < len(words) {
			return words[i]
		}
		return placeWord{}
	}
	from, to = kind, kind+1
	for to < len(words) && to-kind <= streetMost && at(to-1).mark == 0 {
		if !ofStreetName(words[kind], words[to], at(to+1), to == kind+1) {
			break
		}
		to++
	}
	if to == kind+1 { // «Эгерский бульвар»
		if kind == 0 || !words[kind-1].big || words[kind-1].mark != 0 || utf8.RuneCountInString(words[kind-1].word) <= 3 {
			return kind, kind
		}
		from--
	}
	if at(to-1).mark == '.' {
		return from, to
	}
	house := to
	if houseMarks[at(house).word] {
		house++
	}
	if !at(house).number() || house == to && counted[at(house+1).word] {
		return from, to
	}
	to = house + 1
	for to < len(words) {
		goesOn := words[to-1].mark == 0 && (houseLetter(words[to]) || isBlock(words[to]) || isBlock(words[to-1]))
		if !goesOn && !(words[to-1].mark == ',' && isBlock(words[to]) && at(to+1).number()) {
			break
		}
		to++
	}
	return from, to
}

// ofStreetName says whether a word of a text may belong to the name of a street of
// which kind has just told; first: it stands right after it.
func ofStreetName(kind, w, next placeWord, first bool) bool {
	switch {
	case houseMarks[w.word]:
		return false
	case w.number():
		return first && (next.big || next.word == "лет" || streetKinds[kind.word] == "мкр")
	case w.big && !(passed[w.word] && utf8.RuneCountInString(w.word) > 1), w.word == "лет":
		return true
	}
	return first && kind.word == "ул" && (next.number() || houseMarks[next.word]) // «ул ленина 5»
}

func isBlock(w placeWord) bool {
	_, is := blocks[w.word]
	return is
}
