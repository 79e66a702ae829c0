package app

import (
	"errors"
	"fmt"
)

// Code names one way in which something can go wrong. The sentence a person
// reads stands in the translation files under "error." + code.
type Code string

// Codes of errors. Args of each are listed in the order the sentence uses them.
const (
	CodeNotFound        Code = "not_found"     // what
	CodeNotAllowed      Code = "not_allowed"   // event, status
	CodeWrongRole       Code = "wrong_role"    // event
	CodeNeedsField      Code = "needs_field"   // field
	CodeEmptyText       Code = "empty_text"    //
	CodeConflictOpen    Code = "conflict_open" //
	CodeMergeAtWork     Code = "merge_at_work" // number, status
	CodeLocked          Code = "locked"        // path
	CodeNewerStore      Code = "newer_store"   // path, version of file, version known
	CodeDamagedStore    Code = "damaged_store" // path
	CodeBadBackup       Code = "bad_backup"    // path
	CodeNetworkDrive    Code = "network_drive" // path
	CodeOtherKey        Code = "other_key"     // path
	CodeNoVault         Code = "no_vault"      // path
	CodeNoVaultKey      Code = "no_vault_key"  // path
	CodeAway            Code = "away"
	CodeNeedsPassphrase Code = "needs_passphrase"
	CodeWrongPassphrase Code = "wrong_passphrase"
	CodeShortPassphrase Code = "short_passphrase"    // least letters
	CodeNoFolder        Code = "no_folder"           // path
	CodeNoFile          Code = "no_file"             // path
	CodeFileFormat      Code = "file_format"         // path
	CodeFileHeadings    Code = "file_headings"       // path
	CodeFileEmpty       Code = "file_empty"          // path
	CodeAnswerLong      Code = "answer_long"         // letters at most, letters too many
	CodeFileLarge       Code = "file_large"          // path, megabytes at most
	CodeAttachEmpty     Code = "attach_empty"        // name
	CodeAttachLarge     Code = "attach_large"        // name, bytes at most
	CodeAttachType      Code = "attach_type"         // name
	CodeAttachMany      Code = "attach_many"         // files at most
	CodeAttachGone      Code = "attach_gone"         // name
	CodeAttachDamaged   Code = "attach_damaged"      // name
	CodeAttachAway      Code = "attach_away"         // name
	CodeFileThere       Code = "file_there"          // path
	CodeDiskFull        Code = "disk_full"           // path
	CodeFileExists      Code = "file_exists"         // path
	CodeListRows        Code = "list_rows"           // rows at most
	CodeListSheet       Code = "list_sheet"          // rows at most
	CodeListPersonal    Code = "list_personal"       //
	CodeNothingUnsent   Code = "nothing_unsent"      //
	CodeNoServer        Code = "no_server"           // address
	CodeServerAnswer    Code = "server_answer"       // address, what
	CodePlainHTTP       Code = "plain_http"          // host
	CodeBadCA           Code = "bad_ca"              //
	CodeUnknownCA       Code = "unknown_ca"          // address
	CodeCertName        Code = "cert_name"           // address
	CodeCertTime        Code = "cert_time"           // address
	CodeOldTLS          Code = "old_tls"             // address
	CodeProxy           Code = "proxy"               // what it answered
	CodeEnrolCode       Code = "enrol_code"          //
	CodeNotEnrolled     Code = "not_enrolled"        //
	CodeNoKey           Code = "no_key"              //
	CodeKeyring         Code = "keyring"             //
	CodeRevoked         Code = "device_revoked"      //
	CodeUnknownSchema   Code = "upgrade_server"      //
	CodeBadArgument     Code = "bad_argument"        // argument, what is expected
	CodeNoDisplay       Code = "no_display"          //
	CodeNoGraphics      Code = "no_graphics"         //
	CodeNotEnrolledForm Code = "not_enrolled_form"   //
	CodeNoGraphicsWin   Code = "no_graphics_windows" //
	CodeCancelled       Code = "cancelled"           //
	CodeOutOfScope      Code = "out_of_scope"        //
	CodeNothingToUndo   Code = "nothing_to_undo"     //
	CodeNoImportToUndo  Code = "no_import_to_undo"   //
	CodeNoUndo          Code = "no_undo"             // kind of operation
	CodeUndoSent        Code = "undo_sent"           // event
	CodeUndoChanged     Code = "undo_changed"        // event
	CodeWorkedOn        Code = "worked_on"           //
	CodeImportUndone    Code = "import_undone"       //
	CodeViewName        Code = "view_name"           // most letters
	CodeViewTaken       Code = "view_taken"          // name
	CodeBadLink         Code = "bad_link"            // what was typed
	CodePasteEmpty      Code = "paste_empty"         //
	CodePasteLarge      Code = "paste_large"         // rows at most
	CodePasteOther      Code = "paste_other"         //
	CodeBeyondRule      Code = "beyond_rule"         // last day
	CodePageKnown       Code = "page_known"          // name
	CodePageLink        Code = "page_link"           // what was typed
	CodeReportFolder    Code = "report_folder"       // path
	CodeReportFile      Code = "report_file"         // path
	CodeReportsFailed   Code = "reports_failed"      // how many

	// What is wrong with a row of a table of the region.
	CodeRowEmpty   Code = "row_empty"      // column
	CodeRowChoice  Code = "row_choice"     // column, value, choices
	CodeRowNumber  Code = "row_number"     // column, value, least, most
	CodeRowDay     Code = "row_day"        // column, value
	CodeRowClock   Code = "row_clock"      // column, value
	CodeRowZone    Code = "row_zone"       // column, value
	CodeRowUnknown Code = "row_unknown"    // column, value, table
	CodeRowGroup   Code = "row_group"      // column, value
	CodeRowTwice   Code = "row_twice"      // line
	CodeRowOne     Code = "row_one"        //
	CodeRowOrder   Code = "row_order"      // column, column
	CodeRowBraces  Code = "row_braces"     // column
	CodeRowView    Code = "row_view"       // column
	CodeRowNone    Code = "row_none"       //
	CodeRowMany    Code = "row_many"       // rows at most, MiB at most
	CodeRowVersion Code = "row_version"    // column, value
	CodeRowTable   Code = "row_table"      // table
	CodeRowBroken  Code = "row_broken"     //
	CodeRowColumns Code = "row_columns"    //
	CodeTableHead  Code = "table_headings" // path, table
)

// Error is an error with a code for machines and arguments for the sentence
// people read. Error() is English and meant for logs: it therefore never holds
// text of an appeal.
type Error struct {
	Code Code
	Args []any
	Err  error // cause, may be nil
}

// Fail makes an Error.
func Fail(code Code, args ...any) *Error { return &Error{Code: code, Args: args} }

// Because adds the cause.
func (e *Error) Because(err error) *Error {
	e.Err = err
	return e
}

func (e *Error) Error() string {
	s := string(e.Code)
	if len(e.Args) > 0 {
		s += " " + fmt.Sprint(e.Args...)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// CodeOf gives the code of the first Error in the chain, or "".
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
