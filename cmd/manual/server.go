package main

import (
	"fmt"
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// server makes the page of otklik-central out of the sources in the folder.
func server(folder string) (string, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return "", err
	}
	var text string
	var files []*ast.File
	known := constants{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return "", err
		}
		text += file.Doc.Text()
		known.read(file)
		files = append(files, file)
	}
	flags := map[string]string{} // what each does, by name
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if name, does, ok := known.flagOf(n); ok && len(does) > len(flags[name]) {
				flags[name] = does
			}
			return true
		})
	}
	if text == "" || len(flags) == 0 {
		return "", fmt.Errorf("%s does not hold the sources of a program", folder)
	}
	var p page
	p.begin("otklik-central", "the central server of a regional management centre", "NAME")
	var words []string
	for i, block := range new(comment.Parser).Parse(text).Content {
		switch b := block.(type) {
		case *comment.Code:
			p.WriteString(".SH SYNOPSIS\n")
			p.preformatted(strings.Split(strings.TrimRight(b.Text, "\n"), "\n"))
		case *comment.Paragraph:
			said := plain(b.Text)
			if i == 0 || strings.HasPrefix(said, "It may know") { // for who reads the sources
				continue
			}
			words = append(words, said)
		}
	}
	p.WriteString(".SH DESCRIPTION\n")
	p.paragraphs(words)
	p.WriteString(".SH OPTIONS\n")
	names := make([]string, 0, len(flags))
	for name := range flags {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&p, ".TP\n\\fB\\-\\-%s\\fR\n%s\n", escape(name), escape(flags[name]))
	}
	p.WriteString(".SH FILES\n")
	p.preformatted([]string{"/etc/otklik-central/central.env", "/var/lib/otklik-central"})
	p.WriteString(".SH SEE ALSO\n")
	p.paragraphs([]string{"otklik(1)"})
	return p.String(), nil
}

// plain is the text of a paragraph in one line.
func plain(text []comment.Text) string {
	var b strings.Builder
	for _, t := range text {
		switch t := t.(type) {
		case comment.Plain:
			b.WriteString(string(t))
		case comment.Italic:
			b.WriteString(string(t))
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// flagOf reads a flag where a call makes one: f.String(name, …, usage) and the like,
// and f.StringVar(&v, name, …, usage).
func (c constants) flagOf(n ast.Node) (name, does string, ok bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return "", "", false
	}
	of, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", "", false
	}
	kind, variable := strings.CutSuffix(of.Sel.Name, "Var")
	args := call.Args
	if variable && len(args) > 0 {
		args = args[1:]
	}
	if !slices.Contains([]string{"String", "Bool", "Int", "Float64", "Duration"}, kind) || len(args) != 3 {
		return "", "", false
	}
	name, does = c.text(args[0]), c.text(args[2])
	return name, does, name != "" && does != ""
}

// constants are the expressions of a package's constants, by name.
type constants map[string]ast.Expr

// read adds those of a file.
func (c constants) read(file *ast.File) {
	for _, d := range file.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, s := range group.Specs {
			spec := s.(*ast.ValueSpec)
			for i, v := range spec.Values {
				c[spec.Names[i].Name] = v
			}
		}
	}
}

// text puts together what an expression says: literals, constants, sums of them and
// the first sentence a call is given, with the others in their places.
func (c constants) text(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(e.Value); err == nil {
			return s
		}
		return e.Value
	case *ast.Ident:
		if v, known := c[e.Name]; known {
			return c.text(v)
		}
	case *ast.BinaryExpr:
		return c.text(e.X) + c.text(e.Y)
	case *ast.CallExpr:
		args := make([]any, len(e.Args))
		for i, a := range e.Args {
			args[i] = c.text(a)
		}
		if len(args) > 0 {
			return fmt.Sprintf(strings.ReplaceAll(fmt.Sprint(args[0]), "%d", "%s"), args[1:]...)
		}
	}
	return ""
}
