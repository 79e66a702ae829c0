package report

import "image"

// Preview draws the first pages of the document, most of them at most, each so many
// pixels wide as it would be printed, and gives the number of all its pages.
func Preview(d *Document, width, most int) (pages []image.Image, of int) {
	all := setPages(d, false)
	for _, p := range all[:min(len(all), most)] {
		on := newRasterPaper(p, float64(width)/p.width)
		for _, i := range p.items {
			i.put(on)
		}
		pages = append(pages, on.img)
	}
	return pages, len(all)
}
