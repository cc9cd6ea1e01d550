package demo

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"bokvar/internal/casework"
)

// File is a list of unpaid rents as a file.
type File struct {
	Name string
	Data []byte
}

// Names of the lists. The first three are one list in three forms.
const (
	LatePayersCSV   = "late-payers.csv" // Windows-1252
	LatePayersUTF8  = "late-payers-utf8.csv"
	LatePayersXLSX  = "late-payers.xlsx"
	LatePayersNewer = "late-payers-newer.csv" // two hours later, Windows-1252
)

// Files makes the four lists, printed at the instant and two hours later.
func (t *Town) Files(at time.Time) ([]File, error) {
	month, _ := months(at)
	lines := sheet(t.lateRows(at), at, month)
	latin, err := windows1252(csvText(lines))
	if err != nil {
		return nil, err
	}
	newer, err := windows1252(csvText(sheet(t.newerRows(at), at.Add(2*time.Hour), month)))
	if err != nil {
		return nil, err
	}
	book, err := workbook(lines)
	if err != nil {
		return nil, err
	}
	return []File{
		{LatePayersCSV, latin}, {LatePayersUTF8, []byte("\ufeff" + csvText(lines))}, {LatePayersXLSX, book}, {LatePayersNewer, newer},
	}, nil
}

// WriteFiles writes the four lists into a folder, dated so that the newer one
// was printed within the last hour or so, and answers their paths.
func (t *Town) WriteFiles(dir string, now time.Time) ([]string, error) {
	files, err := t.Files(listedAt(now))
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("demo: making the folder for the lists: %w", err)
	}
	var paths []string
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			return nil, fmt.Errorf("demo: writing a list: %w", err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// listedAt is when the list of 320 rows was printed, seen from now.
func listedAt(now time.Time) time.Time {
	return now.In(casework.Zone).Add(-3 * time.Hour).Truncate(10 * time.Minute)
}

func windows1252(text string) ([]byte, error) {
	data, err := charmap.Windows1252.NewEncoder().Bytes([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("demo: a list in Windows-1252: %w", err)
	}
	return data, nil
}

// workbook writes the list the way a spreadsheet keeps it: amounts as numbers,
// due days as days, long numbers as text. What is no amount or day stays text.
func workbook(lines [][]string) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	const name = "Obetalda"
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return nil, fmt.Errorf("demo: naming the sheet: %w", err)
	}
	layout := "yyyy-mm-dd"
	days, err := f.NewStyle(&excelize.Style{CustomNumFmt: &layout})
	if err != nil {
		return nil, fmt.Errorf("demo: a style for days: %w", err)
	}
	w, err := f.NewStreamWriter(name)
	if err != nil {
		return nil, fmt.Errorf("demo: writing the sheet: %w", err)
	}
	for i, cells := range lines {
		values := make([]any, len(cells))
		for j, cell := range cells {
			values[j] = cellValue(i, j, cell, days)
		}
		if err := w.SetRow("A"+strconv.Itoa(i+1), values); err != nil {
			return nil, fmt.Errorf("demo: writing row %d: %w", i+1, err)
		}
	}
	if err := w.Flush(); err != nil {
		return nil, fmt.Errorf("demo: writing the sheet: %w", err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		return nil, fmt.Errorf("demo: writing the workbook: %w", err)
	}
	return out.Bytes(), nil
}

func cellValue(line, column int, cell string, days int) any {
	if line < 4 || cell == "" {
		return cell
	}
	switch columns[column] {
	case "Kapital", "Avgifter":
		plain := strings.NewReplacer(" ", "", "\u00a0", "", ",", ".").Replace(cell)
		if f, err := strconv.ParseFloat(plain, 64); err == nil {
			return f
		}
	case "Förfallodatum", "Inflyttad":
		if t, err := time.Parse(time.DateOnly, cell); err == nil {
			return excelize.Cell{StyleID: days, Value: t}
		}
	}
	return cell
}
