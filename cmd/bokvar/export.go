package main

import (
	"bufio"
	"context"
	"encoding/json"
)

// export writes an organisation's records as lines of JSON, as one of its people may see them.
func export(_ context.Context, args []string, std stdio) error {
	f := flags("export", std)
	data := f.String("data", defaults().Data, "data folder")
	in := exportArgs{}
	f.StringVar(&in.Org, "org", "", "id of the organisation")
	f.StringVar(&in.As, "as", "", "id of the person whose access decides what is in it (default the administrator)")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	records, err := perform[[]exported](*data, "export", in)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(std.out)
	lines := json.NewEncoder(out)
	for _, r := range records {
		if err := lines.Encode(r); err != nil {
			return err
		}
	}
	return out.Flush()
}
