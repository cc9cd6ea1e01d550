package exchange

import (
	"archive/zip"
	"bytes"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Limits of what an .xlsx may unfold to. Everything stays in memory: the server
// has no folder to put parts of a landlord's list in.
const (
	maxUnzipped = 128 << 20
	maxParts    = 2000
	maxSheets   = 20
)

func readXLSX(data []byte) (*table, *Problem) {
	if problem := checkZip(data); problem != nil {
		return nil, problem
	}
	return readWorkbook(data)
}

// checkZip looks at the table of contents before anything is unfolded.
func checkZip(data []byte) *Problem {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return corrupt()
	}
	total, workbook := uint64(0), false
	for _, part := range z.File {
		total += min(part.UncompressedSize64, maxUnzipped+1)
		workbook = workbook || strings.EqualFold(part.Name, "xl/workbook.xml")
		if part.Flags&1 != 0 {
			return troublef(CodeLocked, "Filen är låst med lösenord. Ta bort lösenordet, spara och försök igen.")
		}
	}
	switch {
	case !workbook:
		return notAList("ett zip-arkiv")
	case len(z.File) > maxParts, total > maxUnzipped:
		return troublef(CodeTooBig, "Filen blir större än %s när den packas upp. Ta ut en lista med bara de obetalda hyrorna.", megabytes(maxUnzipped))
	}
	return nil
}

// readWorkbook reads the first sheet that has a header row. The recover is the
// border to the library: a workbook that it cannot bear is a corrupt workbook.
func readWorkbook(data []byte) (t *table, trouble *Problem) {
	defer func() {
		if recover() != nil {
			t, trouble = nil, corrupt()
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped,
	})
	if err != nil {
		return nil, corrupt()
	}
	defer f.Close()
	for i, sheet := range f.GetSheetList() {
		if i == maxSheets {
			break
		}
		read, problem := readSheet(f, sheet)
		if problem == nil {
			return read, nil
		}
		if trouble == nil {
			trouble = problem
		}
	}
	if trouble == nil {
		trouble = corrupt()
	}
	return nil, trouble
}

func readSheet(f *excelize.File, sheet string) (*table, *Problem) {
	rows, err := f.Rows(sheet)
	if err != nil {
		return nil, corrupt()
	}
	defer rows.Close()
	var lines []line
	for number := 1; rows.Next(); number++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, corrupt()
		}
		l := line{number, cells[:min(len(cells), maxColumns)]}
		if l.empty() {
			continue
		}
		if len(lines) > maxRows+headLines {
			return nil, tooManyRows()
		}
		lines = append(lines, l)
	}
	if rows.Error() != nil {
		return nil, corrupt()
	}
	if len(lines) == 0 {
		return nil, troublef(CodeNoRows, "Bladet %s är tomt.", shortened(clean(sheet), 40))
	}
	t, problem := pickHeader(lines)
	if problem != nil {
		return nil, problem
	}
	t.days = since1900
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil && *props.Date1904 {
		t.days = since1904
	}
	return t, nil
}

func corrupt() *Problem {
	return troublef(CodeCorrupt, "Filen är skadad och går inte att öppna. Spara den på nytt i Excel och försök igen.")
}
