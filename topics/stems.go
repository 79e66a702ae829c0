package topics

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/russian"

	"otklik/app"
)

// words gives the words of a text as app.Fold has them.
func words(text string) iter.Seq[string] {
	return strings.FieldsFuncSeq(app.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// says is false for what tells nothing of the matter: numbers, single letters and
// the words every sentence is made of.
func says(word string) bool {
	return utf8.RuneCountInString(word) > 1 && !strings.ContainsFunc(word, unicode.IsDigit) && !russian.IsStopWord(word)
}

// stem is what all forms of a word have in common.
func stem(word string) string { return russian.Stem(word, true) }

// Stems gives the stems of the words of a text that say something, in their order.
func Stems(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for w := range words(text) {
			if says(w) && !yield(stem(w)) {
				return
			}
		}
	}
}
