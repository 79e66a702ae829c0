package app

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// File is an attachment of an appeal as an operation and a fact name it. Its
// bytes travel by themselves, under their hash.
type File struct {
	SHA256 string `json:"sha256"` // of the whole content: 64 lower-case hexadecimal digits
	Size   int64  `json:"size"`   // in bytes, never 0
	Type   string `json:"type"`   // media type, one FileType gives
	Name   string `json:"name"`   // as the person calls it: personal data
}

// Unsent is a file that waits to be sent.
type Unsent struct {
	Op    string // ID of the operation that waits for it
	Kind  OpKind // of the operation
	File  File
	Place string // path of its upload on the server, "" where none was begun
}

// Transfer is how far a file is on its way.
type Transfer struct {
	Fetching bool  // to this workstation; otherwise to the server
	Done     int64 // bytes
	Reason   Code  // why it does not go on, "" while it does
}

// FileState is where an attachment is.
type FileState string

// States of attachments, of which there is more to say while they travel.
const (
	FileWaiting FileState = "waiting" // to be sent
	FileSending FileState = "sending"
	FileServer  FileState = "server" // on the server and not here
	FileFetched FileState = "fetching"
	FileHere    FileState = "here" // on the server and here
)

// Attachment is a file of an appeal as its card shows it.
type Attachment struct {
	File
	Event string // ID of the event that brought it
	State FileState
	Transfer
}

// Limits of attachments.
const (
	MaxFile     = 50 << 20 // bytes of one, where the server does not say otherwise
	MaxFiles    = 10       // of one operation
	MaxFileName = 200      // bytes
	FileHead    = 4 << 10  // bytes at the beginning that show the type
)

// Media types of attachments that several rows of the table share.
const (
	typeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	typeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typeODT  = "application/vnd.oasis.opendocument.text"
)

// fileTypes are the types that may be attached, with the endings a name of each
// may have, the usual one first. Programs, pages and pictures that hold scripts
// (HTML, SVG) are not among them.
var fileTypes = map[string][]string{
	"image/jpeg":      {".jpg", ".jpeg", ".jpe"},
	"image/png":       {".png"},
	"image/webp":      {".webp"},
	"image/heic":      {".heic", ".heif"},
	"application/pdf": {".pdf"},
	typeDOCX:          {".docx"},
	typeXLSX:          {".xlsx"},
	typeODT:           {".odt"},
	"text/plain":      {".txt", ".csv", ".log"},
	"video/mp4":       {".mp4", ".m4v"},
	"video/quicktime": {".mov"},
}

// FileTypes gives the media types that may be attached, in alphabetical order.
func FileTypes() []string {
	types := make([]string, 0, len(fileTypes))
	for t := range fileTypes {
		types = append(types, t)
	}
	slices.Sort(types)
	return types
}

// FileEndings gives the endings of names that files of these types may have, in
// alphabetical order.
func FileEndings() (all []string) {
	for _, endings := range fileTypes {
		all = append(all, endings...)
	}
	slices.Sort(all)
	return all
}

// FileEnding gives the usual ending of names of the type, "" for one that may
// not be attached.
func FileEnding(mediaType string) string {
	if endings := fileTypes[mediaType]; len(endings) > 0 {
		return endings[0]
	}
	return ""
}

// Image says whether the file is a picture.
func (f File) Image() bool { return strings.HasPrefix(f.Type, "image/") }

// FileType tells the media type by the content, of which head is the beginning:
// FileHead bytes, or all where there are fewer. What a name or a sender says
// does not count. "" is what may not be attached.
func FileType(head []byte) string {
	head = head[:min(len(head), FileHead)]
	switch {
	case bytes.HasPrefix(head, []byte("\xFF\xD8\xFF")):
		return "image/jpeg"
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1A\n")):
		return "image/png"
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return "image/webp"
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return "application/pdf"
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		return movieType(string(head[8:12]))
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return officeType(head)
	case plainText(head):
		return "text/plain"
	}
	return ""
}

// movieType tells by the brand of an ISO base media file.
func movieType(brand string) string {
	switch brand {
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1":
		return "image/heic"
	case "isom", "iso2", "iso3", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "MSNV":
		return "video/mp4"
	case "qt  ":
		return "video/quicktime"
	}
	return ""
}

// officeType tells by the names of the first entries of a ZIP archive.
func officeType(head []byte) string {
	const local = 30 // bytes of a local header before the name
	if len(head) > local && bytes.HasPrefix(head[local:], []byte("mimetype"+typeODT)) {
		return typeODT
	}
	for rest := head; ; {
		i := bytes.Index(rest, []byte("PK\x03\x04"))
		if i < 0 || len(rest) < i+local {
			return ""
		}
		rest = rest[i+local:]
		switch {
		case bytes.HasPrefix(rest, []byte("word/")):
			return typeDOCX
		case bytes.HasPrefix(rest, []byte("xl/")):
			return typeXLSX
		}
	}
}

// plainText says whether this is text that no program takes for markup or a
// script: in UTF-8, or in a code page of one byte a letter.
func plainText(head []byte) bool {
	text := bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")))
	if len(text) == 0 || bytes.IndexByte([]byte("<#{@%"), text[0]) >= 0 {
		return false
	}
	return !bytes.ContainsFunc(head, func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' || r == 0x7F
	})
}

// FileName makes a name fit to be sent with a file of the type: without folders
// and signs that are no letters, not too long, with an ending of the type. A
// program's name would otherwise make a harmless text one that is run.
func FileName(name, mediaType string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/\:*?"<>|`, r) {
			return -1
		}
		return r
	}, name))
	ending := path.Ext(name)
	if !slices.Contains(fileTypes[mediaType], strings.ToLower(ending)) {
		ending = FileEnding(mediaType)
	} else {
		name = strings.TrimSuffix(name, ending)
	}
	name = strings.TrimRight(name, ". ")
	for len(name)+len(ending) > MaxFileName {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	if name == "" {
		name = "1"
	}
	return name + ending
}

// ValidSHA256 says whether the text is in the form of File.SHA256.
func ValidSHA256(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// Valid says whether the file is one an operation may name. What its content is
// only who has it can say.
func (f File) Valid() bool {
	return ValidSHA256(f.SHA256) && f.Size > 0 && fileTypes[f.Type] != nil && FileName(f.Name, f.Type) == f.Name
}
