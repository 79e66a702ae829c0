// Package trial says how well topics are suggested: cross-validation on classified
// appeals, beside what stands for no learning at all.
//
//	rows.go       classified appeals of a table
//	folds.go      parts of them; texts that are much alike stay together
//	methods.go    the model and the baselines
//	regression.go the linear model that was not chosen
//	run.go        the cross-validation and its figures
//
// It may know: app, topics. Only tests and measurements know it.
package trial
