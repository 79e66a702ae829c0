package lists

import (
	"otklik/app"
	"otklik/assets"
	"otklik/exchange"
)

// Pages is a list of the pages with every field, to be read back. Of a page only its
// keeper is a person.
func Pages(t *assets.Texts, pages []app.PageRow, personal bool) Table {
	rows := make([][]string, len(pages))
	for i, r := range pages {
		if !personal {
			r.Keeper = ""
		}
		rows[i] = exchange.OwnPageCells(&r.Page, !personal)
	}
	table := Rows(ListPages, t.T("list.sheet_pages"), exchange.OwnPageHeadings(), rows)
	table.Covers, table.Personal = true, personal
	return table
}
