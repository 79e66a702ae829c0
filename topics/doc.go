// Package topics knows what people's words mean among the topics of the region.
//
//	stems.go     from a text to stems
//	finder.go    words somebody typed → topics, with the reason for each
//	synonyms.go  everyday words that mean the same
//	examples.go  classified appeals as sparse vectors of stems
//	learn.go     a linear model over them, and how sure that may be
//	model.go     the model: what an appeal looks like
//	adviser.go   both as the desk asks for them; learns in the background
//
// What is learnt stays in memory: it is made of words of citizens, and is learnt
// anew after every start.
//
// It may know: app, the stemmer. It may not know where appeals are kept: it reads
// them through the desk, so that it reads nothing while they are shut away.
package topics
