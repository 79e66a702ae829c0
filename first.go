package main

import (
	"context"
	"strings"

	"otklik/app"
	"otklik/store"
)

// serverLocal stands for no server: a workstation that works alone.
const serverLocal = "local"

// place is where the data here belongs: an address, serverDemo, serverLocal, or ""
// where nobody has said yet.
func (st *station) place() string {
	device, known, err := st.store.Device()
	if alone := device.Server == serverLocal && st.in.server != ""; err == nil && known && !alone {
		return device.Server
	}
	return st.in.server
}

// workOnSample begins with the sample region.
func (st *station) workOnSample() error {
	st.in.server = serverDemo
	return nil
}

// workLocally begins without a server: whoever sits here may do everything.
func (st *station) workLocally() error {
	me := app.Identity{
		Name:  st.in.text.T("local.operator"),
		Roles: []app.Role{app.RoleOperator, app.RoleCurator, app.RoleCoordinator, app.RoleApprover},
	}
	if err := st.store.SaveDevice(store.Device{Server: serverLocal, Identity: me}); err != nil {
		return err
	}
	st.desk.SetMe(me)
	return nil
}

// Join makes a workstation that belongs nowhere yet, or works alone, known to a
// server; ca is the path of a file of certificates, "" for those of the system.
// Errors: CodeNotEnrolledForm where an address or a code is missing, those of the
// network settings and of enrolment.
func (st *station) Join(server, code, ca string) error {
	if server == "" || code == "" {
		return app.Fail(app.CodeNotEnrolledForm)
	}
	if !strings.Contains(server, "://") {
		server = "https://" + server
	}
	if st.way != nil { // of a try with other certificates
		st.way.Close()
		st.way = nil
	}
	st.in.ca = ca
	st.in.given["ca"] = true
	if _, err := st.network(); err != nil {
		return err
	}
	if _, err := st.enrol(context.Background(), server, server, code); err != nil {
		return err
	}
	st.in.server = server
	st.desk.Connect(st.link)
	select {
	case st.enrolled <- struct{}{}:
	default: // nobody waits for it
	}
	return nil
}
