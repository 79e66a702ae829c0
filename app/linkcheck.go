package app

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// LinkState is what became of an attempt to open the link of a page.
type LinkState string

// States of links.
const (
	LinkOpens   LinkState = "opens"   // the site answered with a page
	LinkGone    LinkState = "gone"    // the site says there is no such page
	LinkMoved   LinkState = "moved"   // it leads to another address
	LinkNoHost  LinkState = "no_host" // there is no such site
	LinkClosed  LinkState = "closed"  // the page is shown to nobody who has not signed in, or to nobody at all
	LinkUnsure  LinkState = "unsure"  // it could not be found out: the site refused, kept silent, or could not be reached
	LinkNowhere LinkState = "nowhere" // what the registry has is no address of a page
)

// LinkStates lists all states, those that ask for work first.
var LinkStates = []LinkState{LinkGone, LinkNoHost, LinkNowhere, LinkMoved, LinkClosed, LinkUnsure, LinkOpens}

// Dead says whether people who follow the link reach no page.
func (s LinkState) Dead() bool { return s == LinkGone || s == LinkNoHost || s == LinkNowhere }

// LinkCheck is the result of opening one link.
type LinkCheck struct {
	Link  string    `json:"l"` // as it was checked: another one in the registry is not
	State LinkState `json:"s"`
	Code  int       `json:"c,omitempty"` // HTTP status, 0: there was no answer
	To    string    `json:"t,omitempty"` // where it leads now
	At    time.Time `json:"a"`
}

// LinkOpener opens links through the network settings of this workstation. It keeps to
// a pace that sites bear, whoever many ask at once.
type LinkOpener interface {
	// Open follows the link. An error is only that of the context.
	Open(ctx context.Context, link string) (LinkCheck, error)
}

// linksAtOnce is how many links are open at a time: most of them are of one site, which
// the opener asks at its own pace.
const linksAtOnce = 4

// linksKept is how many results are kept at a time, so that a power cut does not cost
// the whole round.
const linksKept = 500

// settingLinks holds the results of this workstation.
const settingLinks = "page_links"

// linkChecks are results by page ID.
type linkChecks map[string]LinkCheck

// of gives the result for the page, nil where its link was not checked.
func (l linkChecks) of(p *Page) *LinkCheck {
	c, known := l[p.ID]
	if !known || c.Link != p.Link {
		return nil
	}
	return &c
}

func (d *Desk) linkChecks() (out linkChecks, err error) {
	raw, err := d.Setting(settingLinks)
	if err != nil || raw == "" {
		return linkChecks{}, err
	}
	return out, json.Unmarshal([]byte(raw), &out)
}

// MayCheckLinks says whether links can be checked here.
func (d *Desk) MayCheckLinks() bool { return d.opener != nil }

// CheckLinks opens the link of every page that has one, a few at a time, and keeps the
// results on this workstation; told says after each how many are done. Where it is
// stopped, what is done stays. It never runs by itself. Errors: CodeCancelled.
func (d *Desk) CheckLinks(ctx context.Context, pages []Page, told func(done, total int)) error {
	d.checking.Lock() // two rounds would lose each other's results
	defer d.checking.Unlock()
	checks, err := d.linkChecks()
	if err != nil {
		return err
	}
	todo := make([]Page, 0, len(pages))
	for _, p := range pages {
		if p.Link != "" {
			todo = append(todo, p)
		}
	}
	type result struct {
		page  string
		check LinkCheck
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	work, results := make(chan Page), make(chan result)
	var workers sync.WaitGroup
	for range linksAtOnce {
		workers.Go(func() {
			for p := range work {
				check, err := d.checkLink(ctx, p.Link)
				if err != nil {
					return // stopped
				}
				results <- result{p.ID, check}
			}
		})
	}
	go func() {
		defer close(results)
		defer workers.Wait()
		defer close(work)
		for _, p := range todo {
			select {
			case work <- p:
			case <-ctx.Done():
				return
			}
		}
	}()
	done := 0
	for r := range results {
		checks[r.page] = r.check
		if done++; done%linksKept == 0 && err == nil {
			if err = d.keepLinks(checks); err != nil {
				stop()
			}
		}
		told(done, len(todo))
	}
	if err == nil {
		err = d.keepLinks(checks)
	}
	if err == nil && ctx.Err() != nil {
		err = Fail(CodeCancelled)
	}
	return err
}

func (d *Desk) checkLink(ctx context.Context, link string) (LinkCheck, error) {
	check := LinkCheck{State: LinkNowhere}
	if a, ok := AddressOf(link); ok {
		var err error
		if check, err = d.opener.Open(ctx, a.Link); err != nil {
			return check, err
		}
	}
	check.Link, check.At = link, d.now().UTC().Truncate(time.Second)
	return check, nil
}

func (d *Desk) keepLinks(checks linkChecks) error {
	err := d.SaveSetting(settingLinks, string(Encode(checks)))
	d.Tell(Changed{Pages: true})
	return err
}
