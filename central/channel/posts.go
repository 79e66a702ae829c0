package channel

import "time"

// postsFor is how far back posts are counted.
const postsFor = 7 * 24 * time.Hour

// mostPosts bounds how many posts of a page are looked through: a page that has more in a
// week is not counted.
const mostPosts = 1000

// Post is one of a page, by what it is called on the platform.
type Post struct {
	ID string
	At time.Time
}

// Posts counts the posts of one page in seven days, as the platform tells them: in parts,
// from the latest back. One that is pinned may stand before all others.
type Posts struct {
	since time.Time
	week  int
	last  time.Time
	seen  map[string]bool
	whole bool // the week is told to its beginning
}

// PostsUntil begins to count the posts of the seven days before the moment.
func PostsUntil(now time.Time) *Posts {
	return &Posts{since: now.Add(-postsFor), seen: map[string]bool{}}
}

// Add takes the next part and says whether the platform has to be asked for one more.
// Posts that are told again are none: new ones move the parts while they are asked for. At
// the end there is nothing more than the post that was asked from; a whole part told again
// is of a platform that was not understood.
func (p *Posts) Add(part []Post) (more bool) {
	fresh := false
	for _, one := range part {
		if p.seen[one.ID] {
			continue
		}
		p.seen[one.ID], fresh = true, true
		if !one.At.Before(p.since) {
			p.week++
		}
		if one.At.After(p.last) {
			p.last = one.At
		}
	}
	if fresh {
		p.whole = part[len(part)-1].At.Before(p.since)
	} else {
		p.whole = len(part) <= 1
	}
	return fresh && !p.whole && len(p.seen) < mostPosts
}

// Tell says what was counted. A week that was not told to its beginning is not known,
// which is not zero.
func (p *Posts) Tell(c *Counted) {
	if p.whole {
		c.PostsWeek = &p.week
	}
	c.LastPost = p.last
}
