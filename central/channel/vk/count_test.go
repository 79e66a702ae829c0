package vk

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/central/channel"
)

func TestMembersAreCounted(t *testing.T) {
	s := newStandIn(t)
	p := New(s.config())
	pages := []app.Page{
		{ID: "by name", Link: "https://vk.com/Kanash_gos"},
		{ID: "the same", Link: "https://m.vk.com/kanash_gos/"},
		{ID: "by number", Link: "https://vk.com/public637247"},
		{ID: "banned", Link: "https://vk.com/club66464944"},
		{ID: "unknown", Link: "https://vk.com/nobody_here"},
		{ID: "not a page", Link: "https://vk.com/wall-1_2?own=1,2"},
		{ID: "no address", Link: "0"},
	}
	want := map[string]channel.Counted{
		"by name":   {Subscribers: 4217, Marks: map[string]bool{app.MarkAvatar: true, app.MarkCover: false, app.MarkDescription: true}},
		"the same":  {Subscribers: 4217, Marks: map[string]bool{app.MarkAvatar: true, app.MarkCover: false, app.MarkDescription: true}},
		"by number": {Subscribers: 0, Marks: map[string]bool{app.MarkAvatar: false, app.MarkCover: true, app.MarkDescription: false}},
	}
	got, err := p.Count(t.Context(), pages)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n%+v", err, got)
	}
	if calls := s.of("groups.getById"); len(calls) != 1 || calls[0].Get("group_ids") != "kanash_gos,637247,66464944,nobody_here" {
		t.Errorf("%v", calls)
	}
	// One address VK takes amiss costs no other page its figure.
	got, err = p.Count(t.Context(), append(pages, app.Page{ID: "wrong", Link: "https://vk.com/wrong.name"}))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n%+v", err, got)
	}
	if got, err = p.Count(t.Context(), pages[6:]); err != nil || len(got) != 0 {
		t.Errorf("%v %v", got, err)
	}
}

func TestCountsThatFail(t *testing.T) {
	s := newStandIn(t)
	pages := []app.Page{{ID: "1", Link: "https://vk.com/kanash_gos"}}
	s.next("groups.getById", refusal(6, "Too many requests per second"), refusal(5, "no"), "500")
	var w *channel.Wait
	if got, err := New(s.config()).Count(t.Context(), pages); !errors.As(err, &w) || w.For != time.Second || len(got) != 0 {
		t.Errorf("%v %v", got, err)
	}
	for range 2 {
		if got, err := New(s.config()).Count(t.Context(), pages); err == nil || len(got) != 0 || strings.Contains(err.Error(), "TOKEN") {
			t.Errorf("%v %v", got, err)
		}
	}
}

func TestOldVersionsReplyWithABareArray(t *testing.T) {
	var reply struct {
		Response groups `json:"response"`
	}
	body := fixture(t, "GetById_Multiple_NormalCaseAllFields_ReturnTwoItems")
	if err := json.Unmarshal(body, &reply); err != nil || len(reply.Response) != 2 || reply.Response[1].ID != 637247 || reply.Response[0].Members != nil {
		t.Errorf("%+v %v", reply, err)
	}
}
