package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// writeTable writes a Markdown table with aligned columns. The first row is the header.
func writeTable(w io.Writer, title string, rows [][]string) error {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s\n\n", title)
	for i, row := range rows {
		writeRow(&b, widths, row)
		if i == 0 {
			writeRow(&b, widths, rule(widths))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// rule returns the row below the header: the first column left, the others right.
func rule(widths []int) []string {
	cells := make([]string, len(widths))
	for i, width := range widths {
		cells[i] = strings.Repeat("-", width)
		if i > 0 {
			cells[i] = cells[i][1:] + ":"
		}
	}
	return cells
}

func writeRow(b *strings.Builder, widths []int, cells []string) {
	for i, cell := range cells {
		padding := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
		if i == 0 {
			b.WriteString("| " + cell + padding + " |")
		} else {
			b.WriteString(" " + padding + cell + " |")
		}
	}
	b.WriteByte('\n')
}
