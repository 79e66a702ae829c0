package app

import (
	"regexp"
	"slices"
)

// House numbers in texts: after the word for a house, and after that of a street.
var houses = []*regexp.Regexp{
	regexp.MustCompile(`((?i:^|[^\p{L}])(?i:д|дом|дома|доме|домом|дому)(?:\.|\s)\s*№?\s*)\d+(?:[/-]\d+)?[а-яА-Я]?(?:,?\s*(?i:корпус|корп|к|стр)\.?\s*\d+)?`),
	regexp.MustCompile(`((?i:^|[^\p{L}])(?i:ул|улиц[аеуы]|пр|пр-т|просп|проспект[аеу]?|пер|переул\p{L}*|б-р|бульвар[аеу]?|шоссе|наб|набережн\p{L}*|проезд[аеу]?)\.?\s+[А-ЯЁ][\p{L}.-]*(?:\s+[А-ЯЁ][\p{L}.-]*)?,?\s+)\d+(?:[/-]\d+)?[а-яА-Я]?`),
}

// Listed is a copy of the appeal as it may stand in a list that leaves the house: what
// Masked leaves, without numbers of houses. Of an address its street is left.
func (a *Appeal) Listed(hidden string) *Appeal {
	c := a.Masked(hidden)
	c.Title, c.Text = maskHouses(c.Title, hidden), maskHouses(c.Text, hidden)
	for i := range c.Events {
		c.Events[i].Text = maskHouses(c.Events[i].Text, hidden)
	}
	if c.Place != "" {
		if c.Place = ReadPlace(a.Municipality, a.Place).OfStreet().String(); c.Place == "" {
			c.Place = hidden
		}
	}
	return c
}

func maskHouses(text, hidden string) string {
	for _, h := range houses {
		text = h.ReplaceAllString(text, "${1}"+hidden)
	}
	return text
}

// disclosing are the roles of those who run the work on appeals as a whole. Whoever
// answers single ones has them on the card, where each use is in the journal too; a
// manager works with figures.
var disclosing = []Role{RoleOperator, RoleCurator, RoleCoordinator}

// MayList says whether somebody may take lists with personal data out of the program.
// A workstation without a server knows no roles.
func (i Identity) MayList() bool {
	return len(i.Roles) == 0 || slices.ContainsFunc(i.Roles, func(r Role) bool { return slices.Contains(disclosing, r) })
}

// Cover puts hidden in the place of what is personal in a text, numbers of houses among
// it, as far as their form tells.
func Cover(text, hidden string) string { return maskHouses(Mask(text, hidden), hidden) }
