package vk

import (
	"fmt"
	"strings"

	"otklik/central/channel"
)

// withAttached gives the text and the enclosures. What has an address and no file (a
// film, a post, a link) is named by it in the text: there may be no other words.
func withAttached(text string, all []attachment) (string, []channel.Enclosure) {
	var files []channel.Enclosure
	for _, a := range all {
		address := ""
		switch {
		case a.Photo != nil:
			if at := a.Photo.largest(); at != "" {
				files = append(files, channel.Enclosure{Name: fmt.Sprintf("photo%d_%d.jpg", a.Photo.Owner, a.Photo.ID), Ref: at})
			}
		case a.Doc != nil && a.Doc.URL != "":
			files = append(files, channel.Enclosure{Name: a.Doc.Title, Ref: a.Doc.URL, Size: a.Doc.Size})
		case a.Voice != nil && a.Voice.MP3 != "":
			files = append(files, channel.Enclosure{Name: "voice.mp3", Ref: a.Voice.MP3})
		case a.Video != nil:
			address = a.Video.address("video")
		case a.Wall != nil:
			address = a.Wall.address("wall")
		case a.Link != nil:
			address = a.Link.URL
		}
		if address != "" && !strings.Contains(text, address) {
			text = strings.TrimPrefix(text+"\n"+address, "\n")
		}
	}
	return text, files
}

func (o *object) address(kind string) string {
	owner := o.Owner
	if owner == 0 {
		owner = o.From
	}
	return fmt.Sprintf("https://vk.com/%s%d_%d", kind, owner, o.ID)
}

// bySize are the letters of sizes from the smallest to the largest, those that are cut
// out of the picture (o, p, q, r) before those that show all of it.
const bySize = "rqposmxyzw"

// largest is the address of the largest size. Old pictures tell no measures: there the
// letters of the sizes say which.
func (p *photo) largest() (address string) {
	most, letter := -1, -1
	for _, s := range p.Sizes {
		area, at := s.Width*s.Height, strings.Index(bySize, s.Type)
		if s.URL != "" && (area > most || area == most && at > letter) {
			most, letter, address = area, at, s.URL
		}
	}
	return address
}
