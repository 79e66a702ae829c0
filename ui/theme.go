package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"otklik/app"
)

// palette names every colour of one look by what it is for.
type palette struct {
	dark   bool
	strong bool // of high contrast

	ground  color.Color // behind cards
	surface color.Color // cards, rail, bars, lists
	shade   color.Color // filter column, reply area, table heads
	border  color.Color // of cards, columns
	outline color.Color // of buttons and entries
	line    color.Color // between rows

	text   color.Color
	second color.Color // second line of a row
	muted  color.Color // captions, headings of groups
	faint  color.Color // times, hints

	accent   color.Color // primary buttons, selection bar
	onAccent color.Color
	accentHi color.Color // primary button under the mouse
	link     color.Color // accent as text
	selected color.Color // background of the selected row
	hover    color.Color
	note     color.Color // background of an internal note
	noteEdge color.Color

	red, redSoft     color.Color
	amber, amberSoft color.Color
	green, greenSoft color.Color
	greySoft         color.Color
	badgeRed         color.Color // solid, under white figures
	shadow           color.Color // also of the shortcuts in Fyne's menus: dark enough to read
	veil             color.Color // over the window under a dialog
}

func hex(v uint32) color.Color {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

// fade lets through what is under a colour.
func fade(c color.Color, alpha uint8) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = alpha
	return n
}

var lightPalette = &palette{
	ground: hex(0xF3F5F8), surface: hex(0xFFFFFF), shade: hex(0xFAFBFC),
	border: hex(0xDFE4EA), outline: hex(0xCBD2DC), line: hex(0xE6EAEF),
	text: hex(0x1B2430), second: hex(0x475467), muted: hex(0x667085), faint: hex(0x7C8798),
	accent: hex(0x1D4E9E), onAccent: hex(0xFFFFFF), accentHi: hex(0x17407F), link: hex(0x1D4E9E),
	selected: hex(0xE6EEFA), hover: hex(0xF1F4F9), note: hex(0xF2F7FF), noteEdge: hex(0xC9DBF5),
	red: hex(0xC62828), redSoft: hex(0xFDECEA), amber: hex(0x8A5A00), amberSoft: hex(0xFFF4E0),
	green: hex(0x2E7D32), greenSoft: hex(0xE8F5E9), greySoft: hex(0xEEF1F4), badgeRed: hex(0xC62828),
	shadow: color.NRGBA{R: 0x47, G: 0x54, B: 0x67, A: 0x8C}, veil: color.NRGBA{R: 0x1B, G: 0x24, B: 0x30, A: 0x66},
}

var darkPalette = &palette{
	dark:   true,
	ground: hex(0x12161C), surface: hex(0x1A2028), shade: hex(0x161B22),
	border: hex(0x2C3541), outline: hex(0x3D4857), line: hex(0x262E39),
	text: hex(0xE6EAF0), second: hex(0xB4BECB), muted: hex(0x93A0B0), faint: hex(0x8491A3),
	accent: hex(0x2F6BC7), onAccent: hex(0xFFFFFF), accentHi: hex(0x3B7ADB), link: hex(0x8AB4F8),
	selected: hex(0x223452), hover: hex(0x222A35), note: hex(0x1B2A40), noteEdge: hex(0x2F4A72),
	red: hex(0xFF8A80), redSoft: hex(0x4A2323), amber: hex(0xFFC766), amberSoft: hex(0x43351A),
	green: hex(0x81C784), greenSoft: hex(0x1F3A24), greySoft: hex(0x2A323D), badgeRed: hex(0xC62828),
	shadow: color.NRGBA{R: 0x84, G: 0x91, B: 0xA3, A: 0xB0}, veil: color.NRGBA{A: 0x99},
}

// contrastPalette is for eyes that need it: words stand out from their ground by
// 7:1 and more (WCAG AAA), and every edge can be seen.
var contrastPalette = &palette{
	dark:   true,
	strong: true,
	ground: hex(0x000000), surface: hex(0x000000), shade: hex(0x000000),
	border: hex(0xB8B8B8), outline: hex(0xFFFFFF), line: hex(0x767676),
	text: hex(0xFFFFFF), second: hex(0xFFFFFF), muted: hex(0xE6E6E6), faint: hex(0xD6D6D6),
	accent: hex(0xFFD800), onAccent: hex(0x000000), accentHi: hex(0xFFE766), link: hex(0xFFE24D),
	selected: hex(0x00356B), hover: hex(0x2B2B2B), note: hex(0x001E3C), noteEdge: hex(0x7FB2FF),
	red: hex(0xFFB3B3), redSoft: hex(0x3D0000), amber: hex(0xFFD27A), amberSoft: hex(0x332200),
	green: hex(0x9BE59F), greenSoft: hex(0x002B08), greySoft: hex(0x242424), badgeRed: hex(0x9B0000),
	shadow: fade(hex(0xFFFFFF), 0x59), veil: color.NRGBA{A: 0xB3},
}

// sourceColors are the same in the light and the dark look: white letters stand
// on them.
var sourceColors = map[app.Source]color.Color{
	app.SourcePOS: hex(0x4B4FA8), app.SourceIM: hex(0x3D6B57), app.SourceVK: hex(0x2A6BC0),
	app.SourceOK: hex(0xC7660A), app.SourceTelegram: hex(0x1B83B8), app.SourceViber: hex(0x6B4FA0),
	app.SourceMAX: hex(0x7A3FD0), app.SourceFile: hex(0x5B6675), app.SourceOpen311: hex(0x0B7A75),
}

// Text sizes in Fyne's unit, which is a pixel at scale 1.
const (
	sizeSmall   = 11
	sizeCaption = 12
	sizeText    = 13
	sizeTitle   = 15
	sizeHeading = 16
	sizeBrand   = 18
	sizeFigure  = 22
)

// sizeNameCaption is the size of quiet small text in labels.
const sizeNameCaption fyne.ThemeSizeName = "caption"

// source gives the ground of the badge of a source: its name in white stands on
// it, and says the same.
func (p *palette) source(s app.Source) color.Color {
	if p.strong {
		return hex(0x404040)
	}
	return sourceColors[s]
}

// lookContrast is the look of high contrast.
const lookContrast = "contrast"

// looks are what a person chooses from; "system" follows the system.
var looks = []string{"light", "dark", lookContrast, "system"}

// look chooses the palette, by name or by what the system asks for.
func look(choice string, variant fyne.ThemeVariant) *palette {
	if choice == lookContrast {
		return contrastPalette
	}
	if choice == "dark" || choice != "light" && variant == theme.VariantDark {
		return darkPalette
	}
	return lightPalette
}

// houseTheme makes Fyne's own widgets look like ours.
type houseTheme struct {
	choice string
}

// Color gives a colour of the chosen look.
func (t *houseTheme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	p := look(t.choice, variant)
	if c := p.themed(name); c != nil {
		return c
	}
	if p.dark {
		return theme.DefaultTheme().Color(name, theme.VariantDark)
	}
	return theme.DefaultTheme().Color(name, theme.VariantLight)
}

// themed gives the colour Fyne asks for by name, nil where its own will do.
func (p *palette) themed(name fyne.ThemeColorName) color.Color {
	switch name {
	case theme.ColorNameBackground, theme.ColorNameInputBackground, theme.ColorNameMenuBackground,
		theme.ColorNameOverlayBackground, theme.ColorNameHeaderBackground:
		return p.surface
	case theme.ColorNameButton:
		return p.shade
	case theme.ColorNameDisabledButton:
		return p.greySoft
	case theme.ColorNameDisabled, theme.ColorNamePlaceHolder:
		return p.faint
	case theme.ColorNameForeground:
		return p.text
	case theme.ColorNameForegroundOnPrimary:
		return p.onAccent
	case theme.ColorNamePrimary:
		return p.accent
	case theme.ColorNameHyperlink:
		return p.link
	case theme.ColorNameHover:
		return p.hover
	case theme.ColorNamePressed, theme.ColorNameSelection, theme.ColorNameFocus:
		return p.selected
	case theme.ColorNameInputBorder:
		return p.outline
	case theme.ColorNameSeparator:
		return p.border
	case theme.ColorNameScrollBar:
		return p.outline
	case theme.ColorNameScrollBarBackground:
		return color.Transparent
	case theme.ColorNameError:
		return p.red
	case theme.ColorNameSuccess:
		return p.green
	case theme.ColorNameWarning:
		return p.amber
	case theme.ColorNameShadow:
		return p.shadow
	}
	return nil
}

// quietTheme is the house's look without the dark edge Fyne draws where there is
// more to scroll to: a row cut in half says the same.
type quietTheme struct{ *houseTheme }

// Color gives a colour of the chosen look, and none for shadows.
func (t quietTheme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if name == theme.ColorNameShadow {
		return color.Transparent
	}
	return t.houseTheme.Color(name, variant)
}

// veiledTheme is the house's look under a dialog: what Fyne lays over the window there
// has the colour of the shortcuts in its menus otherwise, which has to be light in the
// dark.
type veiledTheme struct{ *houseTheme }

// Color gives a colour of the chosen look, and the veil for shadows.
func (t veiledTheme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if name == theme.ColorNameShadow {
		return look(t.choice, variant).veil
	}
	return t.houseTheme.Color(name, variant)
}

// quiet shows what scrolls in the quiet theme.
func (w *Window) quiet(scroll *container.Scroll) fyne.CanvasObject {
	return container.NewThemeOverride(scroll, quietTheme{w.theme})
}

// Font is Fyne's bundled Noto Sans.
func (t *houseTheme) Font(s fyne.TextStyle) fyne.Resource { return theme.DefaultTheme().Font(s) }

// Icon is Fyne's.
func (t *houseTheme) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

// Size gives the sizes of a dense desktop program.
func (t *houseTheme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return sizeText
	case sizeNameCaption:
		return sizeCaption
	case theme.SizeNameCaptionText:
		return sizeSmall
	case theme.SizeNameHeadingText:
		return sizeHeading
	case theme.SizeNameSubHeadingText:
		return sizeTitle
	case theme.SizeNamePadding:
		return 3
	case theme.SizeNameInnerPadding:
		return 6
	case theme.SizeNameInlineIcon:
		return 16
	case theme.SizeNameLineSpacing:
		return 3
	case theme.SizeNameScrollBar:
		return 10
	case theme.SizeNameScrollBarSmall:
		return 4
	case theme.SizeNameSeparatorThickness, theme.SizeNameInputBorder:
		return 1
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius, theme.SizeNameButtonRadius,
		theme.SizeNamePopupRadius, theme.SizeNameMenuRadius:
		return 6
	case theme.SizeNameCardRadius, theme.SizeNameDialogRadius:
		return 8
	case theme.SizeNameModalBlurRadius:
		return 0 // blurring the window costs a frame on machines without a GPU
	}
	return theme.DefaultTheme().Size(name)
}
