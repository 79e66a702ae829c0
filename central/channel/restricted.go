package channel

import (
	"otklik/app"
	"otklik/central"
)

// restricted tells what the region lets through the line: by its table as it stands in
// the transaction.
func (h *Hub) restricted(tx central.Reader, l *Line) (app.Restriction, error) {
	region := h.opts.Region
	if region == nil {
		region = &app.Region{}
	}
	t, changed, err := tx.Table(app.TableChannels)
	if err != nil {
		return app.Restriction{}, err
	}
	if changed {
		region = region.With([]app.Table{t})
	}
	x, _ := region.Restricted(l.Platform.Source())
	return x, nil
}
