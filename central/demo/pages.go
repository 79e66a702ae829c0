package demo

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"otklik/app"
)

// body is an organisation that keeps pages.
type body struct {
	name, founder, sphere, municipality, level string
	subscribers                                float64 // of its page on the largest network
}

// kinds of institutions; {n} is a number.
var institutions = []struct {
	name, sphere, founder string
	share, subscribers    float64
}{
	{"Школа № {n}, {m}", "Школы", "", 30, 900},
	{"Детский сад № {n}, {m}", "Детские сады", "", 26, 380},
	{"Библиотека № {n}, {m}", "Библиотеки", "", 9, 420},
	{"Дом культуры № {n}, {m}", "Культура", "", 9, 700},
	{"Детская школа искусств № {n}, {m}", "Дополнительное образование", "", 6, 520},
	{"Спортивная школа № {n}, {m}", "Спорт", "", 6, 850},
	{"Поликлиника № {n}, {m}", "Здравоохранение", "Минздрав", 6, 1900},
	{"Больница № {n}, {m}", "Здравоохранение", "Минздрав", 4, 2400},
	{"Центр социального обслуживания № {n}, {m}", "Социальная защита", "Минтруд", 4, 640},
}

// bodies lists organisations: every executor, then institutions by residents.
func (g *generator) bodies(n int) []body {
	out := make([]body, 0, n)
	used := map[string]int{}
	for _, e := range g.region.Executors {
		b := body{name: e, founder: e, sphere: "Органы власти", level: "Регион", municipality: g.region.Municipalities[0].Name, subscribers: 9000}
		for _, m := range g.region.Municipalities {
			if strings.Contains(e, of(m.Name)) || strings.Contains(e, m.Name) {
				b.municipality, b.level, b.subscribers = m.Name, "Муниципалитет", 2500+float64(m.Residents)/18
			}
		}
		out = append(out, b)
	}
	shares := make([]float64, len(institutions))
	for i, k := range institutions {
		shares[i] = k.share
	}
	for len(out) < n {
		k := institutions[g.pick(shares)]
		m := g.region.Municipalities[g.pick(g.residents)].Name
		used[k.name+m]++
		b := body{
			name:    strings.NewReplacer("{n}", strconv.Itoa(used[k.name+m]), "{m}", m).Replace(k.name),
			founder: g.executor(k.founder, m), sphere: k.sphere, municipality: m, level: "Муниципалитет",
			subscribers: k.subscribers,
		}
		if k.founder != "" {
			b.level = "Регион"
		}
		out = append(out, b)
	}
	return out[:min(n, len(out))]
}

// networks are the networks pages stand on, with their shares, the address a
// page has there and how its audience compares.
var networks = []struct {
	source         app.Source
	share, against float64
	address        string
}{
	{app.SourceVK, .55, 1, "https://vk.com/club%d"},
	{app.SourceOK, .25, .45, "https://ok.ru/group/%d"},
	{app.SourceTelegram, .12, .4, "https://t.me/s/official_%d"},
	{app.SourceMAX, .065, .15, "https://max.ru/id%d"},
	{app.SourceViber, .015, .1, "https://invite.viber.com/%d"},
}

func (g *generator) makePages(n int) error {
	bodies := g.bodies(max(1, int(float64(n)*networks[0].share+0.5)))
	for i, w := range networks {
		count := int(float64(n)*w.share + 0.5)
		if i == len(networks)-1 {
			count = n - len(g.pages)
		}
		for k := range min(count, n-len(g.pages)) {
			p := g.page(bodies[k%len(bodies)], w.source, fmt.Sprintf(w.address, 100_000_000+g.rnd.IntN(120_000_000)))
			switch first := len(g.pages) - 1; {
			case w.source == app.SourceVK && k%60 == 40 && g.pages[first].Link != "":
				p = again(g.pages[first])
				g.twins[len(g.pages)] = first
			case k > 20 && g.chance(0.03):
				g.abandon(&p)
			}
			if key := string(p.Network) + p.Municipality; p.Link != "" {
				g.pagesOf[key] = append(g.pagesOf[key], len(g.pages))
			}
			g.pages = append(g.pages, p)
			if err := g.emit(app.OpPage, g.id(g.now), p.ID, g.now, p); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *generator) page(b body, network app.Source, link string) app.Page {
	p := app.Page{
		ID: app.IDFrom("page", link), Network: network, Name: b.name, Link: link,
		External: link[strings.LastIndexAny(link, "/bd_")+1:], Founder: b.founder, OGRN: g.ogrn(),
		Spheres: []string{b.sphere}, Municipality: b.municipality, Level: b.level, Status: "активный",
		Keeper: fmt.Sprintf("Оператор %d", 1+g.rnd.IntN(6)), MarksKnown: true,
	}
	idle := time.Duration(g.rnd.ExpFloat64() * float64(20*time.Hour))
	posts := 3 + g.rnd.IntN(12)
	if g.chance(0.09) {
		idle, posts, p.Status = time.Duration(9+g.rnd.IntN(40))*24*time.Hour, 0, "визитка"
	}
	p.LastPost, p.PostsWeek = g.now.Add(-idle).Truncate(time.Minute), &posts
	p.Reach = math.Round(b.subscribers * (0.06 + 0.24*g.rnd.Float64()))
	care := g.rnd.Float64() // who has one mark mostly has the others, too
	for _, m := range []struct {
		mark  string
		share float64
	}{
		{app.MarkState, .9},
		{app.MarkGospubliki, .92},
		{app.MarkOpinion, .84},
		{app.MarkProblem, .76},
		{app.MarkAvatar, .97},
		{app.MarkCover, .9},
		{app.MarkDescription, .93},
	} {
		p.Looked = append(p.Looked, m.mark)
		if 0.7*care+0.3*g.rnd.Float64() < m.share {
			p.Marks = append(p.Marks, m.mark)
		}
	}
	week, liked := int(g.members(&p)*(1.15-0.9*g.rnd.Float64())), math.Round(p.Reach*(0.008+0.05*g.rnd.Float64()))
	p.ReachWeek, p.Reactions = &week, &liked
	g.forgetSome(&p)
	return p
}

// members is about how many members a page has at first.
func (g *generator) members(p *app.Page) float64 {
	for _, w := range networks {
		if w.source == p.Network {
			return (p.Reach*5.2 + 60) * w.against
		}
	}
	return 0
}

// forgetSome takes out what nobody has found out of some pages.
func (g *generator) forgetSome(p *app.Page) {
	if g.chance(0.12) {
		p.ReachWeek, p.Reactions = nil, nil
	}
	if g.chance(0.04) {
		p.PostsWeek = nil
	}
	if g.chance(0.05) {
		p.Marks, p.Looked, p.MarksKnown = nil, nil, false
	}
}

// again is a second entry of a page, whose address was written in another way.
func again(p app.Page) app.Page {
	p.Link = fmt.Sprintf("http://m.vk.com/public%s/", p.External)
	p.ID = app.IDFrom("page", p.Link)
	return p
}

// abandon makes a page one that is not kept; of some of them the ground is not known.
func (g *generator) abandon(p *app.Page) {
	*p = app.Page{
		ID: p.ID, Network: p.Network, Name: p.Name, Founder: p.Founder, OGRN: p.OGRN, Spheres: p.Spheres,
		Municipality: p.Municipality, Level: p.Level, Status: "не учитывается",
	}
	if g.chance(0.7) {
		p.NotKept = "решение учредителя: страница объединена с общей"
	}
}

// ogrn makes up a number with a right check digit, of a kind no register gives
// out: its year is 99.
func (g *generator) ogrn() string {
	n := 1_992_100_000_000/10 + g.rnd.Int64N(9_999_999)
	return fmt.Sprintf("%d%d", n, n%11%10)
}

// curve is how the count of one page moves.
type curve struct {
	count, daily float64
	mood         float64 // how lively the page is now, around 0; moves slowly
	from         int     // day of the first count
	fallOn       int     // day of a purge, -1 for none
	fall         float64
}

func (g *generator) makeCounters(ctx context.Context, days int) error {
	curves := make([]curve, len(g.pages))
	for i, p := range g.pages {
		c := curve{count: g.members(&p) * math.Exp(0.35*g.rnd.NormFloat64()), fallOn: -1}
		c.daily = c.count * (0.0002 + 0.0009*g.rnd.Float64())
		if g.chance(0.14) {
			c.daily *= -0.3 // a page people leave
		}
		if g.chance(0.12) {
			c.from, c.count, c.daily = g.rnd.IntN(max(1, days*2/3)), 12, c.count/float64(max(days, 1))
		}
		if g.chance(0.1) {
			c.fallOn, c.fall = g.rnd.IntN(max(1, days)), 0.03+0.08*g.rnd.Float64()
		}
		curves[i] = c
	}
	first := app.DayOf(g.now.In(g.region.Location())) - app.Day(days)
	for d := range days {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		day := first + app.Day(d)
		down := g.chance(0.006) && d < days-20 // the counting service itself was down
		counts := make(map[string]uint32, len(curves))
		for i := range curves {
			if first, is := g.twins[i]; is {
				if n, counted := counts[g.pages[first].ID]; counted {
					counts[g.pages[i].ID] = n
				}
				continue
			}
			if g.pages[i].Link == "" {
				continue
			}
			if n, ok := g.advance(&curves[i], d, day); ok && !down && !g.chance(0.007) {
				counts[g.pages[i].ID] = n
			}
		}
		if len(counts) == 0 {
			continue
		}
		at := (day + 1).In(g.region.Location()).UTC()
		if err := g.emit(app.OpCount, g.id(at), day.String(), at, app.Counters{Day: day, Counts: counts}); err != nil {
			return err
		}
	}
	return nil
}

// advance moves a curve on by a day; ok is false before its first count.
func (g *generator) advance(c *curve, d int, day app.Day) (n uint32, ok bool) {
	if d < c.from {
		return 0, false
	}
	weekly := 1.0
	if w := day.In(time.UTC).Weekday(); w == time.Saturday || w == time.Sunday {
		weekly = 0.35
	}
	c.mood = 0.95*c.mood + 0.42*g.rnd.NormFloat64()
	c.count += c.daily*weekly*(1+c.mood) + 0.02*math.Sqrt(c.count)*g.rnd.NormFloat64()
	if d == c.fallOn {
		c.count *= 1 - c.fall
	}
	c.count = max(c.count, 1)
	return uint32(c.count), true
}
