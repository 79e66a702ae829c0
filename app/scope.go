package app

import "slices"

// Sees says whether somebody may see and change appeals of the municipality. An
// appeal whose municipality is not known yet is a matter of the whole region.
func (i Identity) Sees(municipality string) bool {
	return i.Regional() || slices.Contains(i.Municipalities, municipality)
}

// Regional says whether somebody works for the whole region.
func (i Identity) Regional() bool { return len(i.Municipalities) == 0 }

// asking says which roles may ask for operations of a kind; nil: anyone. Events
// are a matter of the table of transitions.
var asking = map[OpKind][]Role{
	OpCreate:  {RoleOperator, RoleCurator, RoleCoordinator, RoleChannel},
	OpAmend:   {RoleOperator, RoleCurator, RoleCoordinator, RoleChannel},
	OpBack:    {RoleOperator, RoleCurator, RoleCoordinator, RoleChannel},
	OpPage:    {RoleOperator, RoleCurator, RoleCoordinator, RoleChannel},
	OpCount:   {RoleOperator, RoleCurator, RoleCoordinator, RoleChannel},
	OpTable:   curators,
	OpEvent:   nil,
	OpResolve: nil,
}

// MayAsk says whether somebody may ask for operations of the kind at all.
func (i Identity) MayAsk(kind OpKind) bool {
	roles := asking[kind]
	return roles == nil || slices.ContainsFunc(i.Roles, func(r Role) bool { return slices.Contains(roles, r) })
}
