package app

import "time"

// Upkeep is how the data of this workstation fares.
type Upkeep struct {
	Backup   time.Time // when the newest backup was made and verified; zero where there is none
	Failed   Code      // why no backup could be made the last time it was tried; "" where one was
	Recovery *Recovery // since the program started; nil: nothing was wrong
}

// Recovery tells of a database that was damaged or lost and made whole again.
type Recovery struct {
	Backup time.Time // when the backup was made that stands in its place; zero where there was none
	Unsent int       // operations that wait for the server, all that there were
	Aside  string    // name of the damaged file; "" where it was lost
}

// Upkeep tells how the data of this workstation fares.
func (d *Desk) Upkeep() Upkeep { return d.store.Upkeep() }
