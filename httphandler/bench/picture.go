package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
)

// A result is one point of the picture.
type result struct {
	request, contestant string
	ratio               quartiles
}

// points are the results of one request. y is the line of the contestant.
type points struct {
	plotter.XYs
	plotter.XErrors
}

// draw writes the picture into file, unless that is "". It has a line for each
// contestant, a colour for each request, and a logarithmic axis for the ratios.
func draw(file, title string, results []result) error {
	if file == "" {
		return nil
	}
	plot.DefaultFont = font.Font{Typeface: "Liberation", Variant: "Sans"}
	p := plot.New()
	p.Title.Text, p.Title.Padding = title, vg.Centimeter/2
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.ConstantTicks(ticks)
	names := lines(results)
	p.NominalY(names...)
	p.Add(plotter.NewGrid())
	for i, request := range requests(results) {
		if err := addPoints(p, i, request, pointsOf(results, request, names)); err != nil {
			return err
		}
	}
	p.Legend.Top = true
	p.Y.Min, p.Y.Max = -0.5, float64(len(names))+0.5 // with a line for the legend
	p.X.Min, p.X.Max = p.X.Min/1.2, p.X.Max*1.2
	height := vg.Length(2+len(names)) * vg.Centimeter
	return save(p, 20*vg.Centimeter, height, file)
}

// save writes the picture. Few machines have the font, so it also names fonts with the
// same widths.
func save(p *plot.Plot, width, height vg.Length, file string) error {
	w, err := p.WriterTo(width, height, "svg")
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if _, err := w.WriteTo(&b); err != nil {
		return err
	}
	svg := bytes.ReplaceAll(b.Bytes(), []byte("font-family:Liberation Sans;"), []byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif;"))
	return os.WriteFile(file, svg, 0o644)
}

func addPoints(p *plot.Plot, i int, request string, data points) error {
	scatter, err := plotter.NewScatter(data)
	if err != nil {
		return err
	}
	bars, err := plotter.NewXErrorBars(data)
	if err != nil {
		return err
	}
	scatter.Radius = 3 * vg.Millimeter / 2
	scatter.Color, scatter.Shape = plotutil.Color(i), plotutil.Shape(i)
	bars.Color = plotutil.Color(i)
	p.Add(scatter, bars)
	p.Legend.Add(request, scatter)
	return nil
}

func pointsOf(results []result, request string, names []string) (data points) {
	for _, r := range results {
		if r.request == request {
			y := float64(slices.Index(names, r.contestant))
			data.XYs = append(data.XYs, plotter.XY{X: r.ratio.median, Y: y})
			data.XErrors = append(data.XErrors, struct{ Low, High float64 }{r.ratio.lower - r.ratio.median, r.ratio.upper - r.ratio.median})
		}
	}
	return data
}

// lines returns the contestants from the bottom up: the first is on top.
func lines(results []result) (names []string) {
	for _, r := range slices.Backward(results) {
		if !slices.Contains(names, r.contestant) {
			names = append(names, r.contestant)
		}
	}
	return names
}

func requests(results []result) (names []string) {
	for _, r := range results {
		if !slices.Contains(names, r.request) {
			names = append(names, r.request)
		}
	}
	return names
}

// ticks are 1, 2 and 5 times the powers of ten that ratios may reach.
var ticks = func() (all []plot.Tick) {
	for _, power := range []float64{0.01, 0.1, 1, 10, 100, 1000} {
		for _, n := range []float64{1, 2, 5} {
			all = append(all, plot.Tick{Value: n * power, Label: fmt.Sprint(n * power)})
		}
	}
	return all
}()
