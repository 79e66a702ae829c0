package main

import (
	"testing"

	"otklik/app"
)

// TestAloneAndThenJoined works without a server, and sends all of it once there is
// one; what is wrong with the address or the code changes nothing.
func TestAloneAndThenJoined(t *testing.T) {
	server, data := newSecureServer(t), t.TempDir()
	withStation(t, data, func(st *station) {
		if st.place() != "" {
			t.Errorf("a new folder belongs to %q", st.place())
		}
		if err := st.workLocally(); err != nil {
			t.Fatal(err)
		}
	})
	write(t, data, 2)
	command(t, 1, "sync", "--once", "--data", data)
	withStation(t, data, func(st *station) {
		if st.place() != serverLocal || st.desk.Exchange() != nil {
			t.Errorf("it belongs to %q", st.place())
		}
		st.in.given = map[string]bool{} // as parse leaves it without flags
		for want, said := range map[app.Code][3]string{
			app.CodeNotEnrolledForm: {"", "", ""},
			app.CodeUnknownCA:       {server.address, server.code(t), ""},
			app.CodeEnrolCode:       {server.address, "AAAA-AAAA-AAAA", server.ca},
			app.CodeNoFile:          {server.address, server.code(t), server.ca + ".absent"},
		} {
			if err := st.Join(said[0], said[1], said[2]); app.CodeOf(err) != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		if err := st.Join(server.address, server.code(t), server.ca); err != nil {
			t.Fatal(err)
		}
		if st.place() != server.address || st.desk.Exchange() == nil {
			t.Errorf("it belongs to %q", st.place())
		}
	})
	command(t, 0, "sync", "--once", "--data", data)
	withStation(t, data, func(st *station) {
		if n, err := st.Unsent(); n != 0 || err != nil {
			t.Errorf("%d are unsent, %v", n, err)
		}
	})
}
