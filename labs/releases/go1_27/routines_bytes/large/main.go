// Uses large parts of the library. To be seen: by how much its binary grows with the routines that were made for sizes.
package main

import (
	"compress/flate"
	"encoding/json"
	"go/parser"
	"go/printer"
	"go/token"
	"html/template"
	"io"
	"math/big"
	"os"
	"regexp"
)

func main() {
	files := token.NewFileSet()
	read, err := parser.ParseFile(files, "large.go", "package large\n", 0)
	if err != nil {
		panic(err)
	}
	packed, _ := flate.NewWriter(io.Discard, flate.BestSpeed)
	printer.Fprint(packed, files, read)
	page := template.Must(template.New("page").Parse("{{.}}\n"))
	page.Execute(os.Stdout, regexp.MustCompile("a+").FindString("baa"))
	json.NewEncoder(os.Stdout).Encode(big.NewInt(1))
}
