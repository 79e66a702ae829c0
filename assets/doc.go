// Package assets holds what is shipped with the program: translations, the
// default region's tables, production calendars, the icon and fonts, and the
// small amount of code that turns them into sentences.
//
// It may know the domain (package app). It may not know screens, storage or the
// exchange.
package assets
