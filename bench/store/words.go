package main

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The vocabulary is put together from roots, prefixes, suffixes and endings that
// Russian has: some 12,000 words in some 110,000 forms, of which few are frequent
// and most are rare, as in letters.
var (
	roots = strings.Fields(`дорог снег двор дом вод труб свет ламп лиф подъезд крыш мусор контейнер площад школ сад
		автобус маршрут останов пешеход переход светофор знак разметк асфальт ям тротуар бордюр лужа лёд налед соль песок
		отоплен тепл батаре кран счётчик квитанц плат тариф долг льгот пенси пособ врач поликлиник больниц аптек запис очеред
		рецепт лекарств анализ прививк родител учител урок ремонт фасад окн двер замок домофон камер забор ограда ворот
		дерев ветв куст газон цветник трав покос клещ собак кошк птиц парк сквер набережн берег рек озер пляж мост
		колодец люк ливнёвк канализац насос котельн провод столб кабел подстанц напряжен шум музык сосед курен запах дым
		свалк костр пожар гараж стоянк машин эвакуатор полос скорост камен щебен грейдер трактор бригад подрядчик смет
		проект конкурс договор закон справк паспорт регистрац участок межа кадастр аренд налог земл строй кварт этаж
		подвал чердак плесен сырост трещин балкон перил лестниц пандус коляск инвалид ветеран семь ребён подрост спорт
		стадион каток лыж бассейн секц кружок библиотек музе театр концерт праздник ярмарк рынок магазин цен товар
		интернет связ сигнал антенн почт посыл доставк банк касс работ зарплат отпуск увольнен вакансии обучен`)
	prefixes  = strings.Fields("о по за на пере при под раз вы про до со у об")
	suffixes  = strings.Fields("к ник ств ов ен ист ин от ля")
	paradigms = [][]string{
		{"", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах"},
		{"а", "ы", "е", "у", "ой", "ам", "ами", "ах"},
		{"ый", "ого", "ому", "ым", "ом", "ая", "ой", "ую", "ые", "ых", "ыми"},
		{"ать", "аю", "ает", "ают", "ал", "ала", "али", "айте", "ано", "аны"},
	}
	little = strings.Fields(`и в не на что с по у это как мы но за к из так же от уже для нет до там его вы все при
		был или если очень только ещё после когда где нас нам они то чтобы ни раз под без два ведь тут вот лишь через`)
)

const lexemes = 12_000

// vocabulary draws words.
type vocabulary struct {
	forms   [][]string // of a word, the most frequent word first
	general []float64  // cumulative frequencies of the words
	own     []float64  // of the words of one group
	small   []float64  // of the little words
}

func newVocabulary(seed uint64, groups int) *vocabulary {
	rnd := rand.New(rand.NewPCG(seed, 0x776f726473))
	seen := map[string]bool{}
	v := &vocabulary{general: zipf(lexemes, 2.7), own: zipf(lexemes/groups, 2.7), small: zipf(len(little), 5)}
	for len(v.forms) < lexemes {
		base := one(rnd, roots)
		if rnd.IntN(5) > 0 {
			base = one(rnd, prefixes) + base
		}
		if rnd.IntN(3) > 0 {
			base += one(rnd, suffixes)
		}
		if seen[base] {
			continue
		}
		seen[base] = true
		forms := []string{}
		for _, ending := range one(rnd, paradigms) {
			forms = append(forms, base+ending)
		}
		v.forms = append(v.forms, forms)
	}
	return v
}

// zipf gives cumulative frequencies that fall with the rank.
func zipf(n int, flat float64) []float64 {
	out, sum := make([]float64, n), 0.0
	for i := range out {
		sum += 1 / (float64(i) + flat)
		out[i] = sum
	}
	return out
}

func draw(rnd *rand.Rand, cumulative []float64) int {
	i, _ := slices.BinarySearch(cumulative, rnd.Float64()*cumulative[len(cumulative)-1])
	return min(i, len(cumulative)-1)
}

func one[T any](rnd *rand.Rand, of []T) T { return of[rnd.IntN(len(of))] }

// groups share out the words: a word of rank r belongs to group r mod groups.
func (v *vocabulary) word(rnd *rand.Rand, group, groups int) string {
	switch p := rnd.Float64(); {
	case p < 0.28:
		return little[draw(rnd, v.small)]
	case p < 0.3:
		return strconv.Itoa(1 + rnd.IntN(300))
	case p < 0.54:
		return one(rnd, v.forms[min(draw(rnd, v.own)*groups+group, lexemes-1)])
	}
	return one(rnd, v.forms[draw(rnd, v.general)])
}

// text writes sentences of about so many bytes.
func (v *vocabulary) text(rnd *rand.Rand, group, groups, bytes int) string {
	var b strings.Builder
	b.Grow(bytes + 100)
	for b.Len() < bytes {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		for i, n := 0, 5+rnd.IntN(10); i < n; i++ {
			w := v.word(rnd, group, groups)
			if i == 0 {
				w = capital(w)
			} else if b.WriteByte(' '); rnd.IntN(9) == 0 {
				w += ","
			}
			b.WriteString(w)
		}
		b.WriteString(one(rnd, []string{".", ".", ".", "!", "?"}))
	}
	return b.String()
}

func capital(w string) string {
	r, n := utf8.DecodeRuneInString(w)
	return string(unicode.ToUpper(r)) + w[n:]
}

// ranks gives the rank of every form.
func (v *vocabulary) ranks() map[string]int {
	out := map[string]int{}
	for rank, forms := range v.forms {
		for _, f := range forms {
			if _, has := out[f]; !has {
				out[f] = rank
			}
		}
	}
	return out
}
