package app

import (
	"strings"
	"testing"
)

// What a list that leaves the house says of an appeal.
func TestAListCoversWhoAndTheHouse(t *testing.T) {
	a := &Appeal{
		Author: "Заявитель Первый", Contact: "https://vk.com/id1", Link: "https://vk.com/wall1", External: "77", Municipality: "г. Чебоксары",
		Place: "ул. Ленина, д. 5, кв. 7",
		Title: "Яма у дома 12", Text: "Живу: ул. Гагарина, 17а, дом 3 корп. 2. Звоните 8 (900) 000-00-00, mail@example.ru. Карта 2200 0000 0000 0000. Дом 8 дней без воды; д.17 и далее. Пишет Заявитель Первый.",
		Events: []Event{{Type: EventNote, Text: "выезд на д. 9", Files: []File{{Name: "паспорт.jpg"}}}},
	}
	c := a.Listed("#")
	said := strings.Join([]string{c.Author, c.Contact, c.Link, c.External, c.Place, c.Title, c.Text, c.Events[0].Text}, "\n")
	for _, secret := range []string{"Заявитель", "vk.com", "900", "mail@", "2200", "12", "17", "д. 5", "кв. 7", "корп", "д. 9", "77"} {
		if strings.Contains(said, secret) {
			t.Errorf("%q stands in\n%s", secret, said)
		}
	}
	for _, kept := range []string{"Ленина", "ул. Гагарина, #", "д.# и далее", "Яма у дома #"} {
		if !strings.Contains(said, kept) && !strings.Contains(strings.ToLower(said), strings.ToLower(kept)) {
			t.Errorf("no %q in\n%s", kept, said)
		}
	}
	if len(c.Events[0].Files) != 0 || a.Events[0].Files == nil || a.Author == "" {
		t.Error("the appeal itself was changed, or names of files stay")
	}
	if c := (&Appeal{Place: "д. 5"}).Listed("#"); c.Place != "#" {
		t.Errorf("an address that cannot be read stays: %q", c.Place)
	}
}

// Lists with personal data are for those who run the work as a whole.
func TestWhoMayListPersonalData(t *testing.T) {
	for _, role := range []Role{RoleOperator, RoleCurator, RoleCoordinator} {
		if !(Identity{Roles: []Role{RoleManager, role}}).MayList() {
			t.Errorf("%s may not", role)
		}
	}
	for _, role := range []Role{RoleExecutor, RoleApprover, RoleManager, RoleChannel} {
		if (Identity{Roles: []Role{role}}).MayList() {
			t.Errorf("%s may", role)
		}
	}
	if !(Identity{}).MayList() {
		t.Error("a workstation without a server knows no roles")
	}
}
