package conform

import "context"

// check is one thing the contract promises.
type check struct {
	name string
	make func(context.Context, *trial) error
}

// checks in the order they are made: later ones use the workstations that the
// earlier ones enrol.
var checks = []check{
	{"meta tells epoch, protocol and limits", checkMeta},
	{"the protocol version is told and asked for", checkProto},
	{"an unknown path is a problem, not a page", checkUnknownPath},
	{"a wrong enrolment code is refused", checkWrongCode},
	{"an enrolment with half a key is malformed", checkHalfKey},
	{"an enrolment code makes a device known", checkEnrol},
	{"an enrolment code works once", checkCodeOnce},
	{"a signed nonce gives a token", checkToken},
	{"a bad signature gives none", checkBadSignature},
	{"a replayed nonce gives none", checkReplay},
	{"a clock too far off is told the time", checkSkew},
	{"an unknown device gives no token", checkUnknownDevice},
	{"what is no token opens nothing", checkBadToken},
	{"malformed bodies are told so", checkMalformed},
	{"bodies are read in every encoding that is named", checkEncodings},
	{"a batch of too many operations is too large", checkTooMany},
	{"a body of too many bytes is too large", checkTooLarge},
	{"parameters out of range are malformed", checkRanges},
	{"an accepted operation gets its place in the feed", checkApplied},
	{"a refused operation gets its place in the feed", checkRejected},
	{"the same operation again has one effect", checkDuplicate},
	{"an identifier with other content is refused", checkReused},
	{"a number used again is told to be a copy's", checkForked},
	{"operations on one appeal keep their order", checkOrder},
	{"a poisoned operation delays no other", checkPoison},
	{"a file travels in parts and belongs to an appeal", checkUpload},
	{"a file is nobody's before an appeal names it", checkPrivate},
	{"a page is no attachment", checkTypes},
	{"the feed is dense from its beginning to its head", checkDense},
	{"a page keeps to its limit and its cursor goes on", checkCursor},
	{"a snapshot holds what the feed tells", checkSnapshot},
	{"what is no cursor is told from an old one", checkBadCursor},
	{"a long-poll ends when something comes", checkWake},
	{"a push brings the next page", checkPushPage},
	{"the goal somebody reached already is superseded", checkSuperseded},
	{"a guarded register gives a conflict with both sides", checkConflict},
	{"a conflict ends once", checkResolve},
	{"what is out of a scope is not told", checkScope},
	{"a table of the region reaches everybody", checkTable},
}
