package app

import (
	"iter"
	"math/bits"
)

// Facts are the appeals that match a filter, as figures see them: column by
// column, in parts. Whoever gets them must not change them nor keep them.
type Facts struct {
	Parts []FactPart
	// Words of the columns of codes, by code; "" stands at 0.
	Groups, Topics, Municipalities, Executors, Assignees []string
}

// FactPart is a stretch of appeals, in the order they were taken in. Its columns
// are of the same length; a row counts only where Match has its bit.
type FactPart struct {
	First uint64   // record number of row 0
	Match []uint64 // bit row%64 of word row/64

	Codes     []Codes
	Kind      []uint8  // places in Kinds, counted from 1; 0: none
	Status    []uint8  // places in Statuses, counted from 1; 0: none
	Start     []uint32 // the clock of the first response; Unix seconds, 0 where not known
	Reply     []uint32 // first reply of a person
	AnswerDue []uint32 // term of that reply
	Closed    []uint32 // when it ended, as Appeal.Ended says
	Off       []uint16 // minutes from Start to Reply may be wrong by; 0: less than one
}

// Facets that appeals are counted by.
const (
	FacetSource = iota
	FacetGroup
	FacetTopic
	FacetMunicipality
	FacetExecutor
	FacetAssignee
	Facets // how many they are
)

// Codes are the values of an appeal by facet: places in the words of Facts, and in
// Sources, counted from 1; 0: none. They lie together, since they are mostly asked
// for together.
type Codes [Facets]uint16

// Rows gives the rows that match.
func (p *FactPart) Rows() iter.Seq[int] {
	return func(yield func(int) bool) {
		for w, set := range p.Match {
			for ; set != 0; set &= set - 1 {
				if !yield(w*64 + bits.TrailingZeros64(set)) {
					return
				}
			}
		}
	}
}

// Records gives the record numbers of all appeals that match.
func (f *Facts) Records() iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for i := range f.Parts {
			p := &f.Parts[i]
			for row := range p.Rows() {
				if !yield(p.First + uint64(row)) {
					return
				}
			}
		}
	}
}

// PageFacts are the pages as figures see them, by page number: columns of the
// same length.
type PageFacts struct {
	Known        []bool   // a page has the number
	Linked       []bool   // it has a link
	Network      []uint16 // in Networks
	Municipality []uint16 // in Municipalities

	Networks       []Source // "" stands at 0
	Municipalities []string
}
