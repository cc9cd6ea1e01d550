package server

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"bokvar/sync/wire"
)

// Difference says where a device and its person's inbox are not the same:
// kinds and how many, nothing of what stands in the records or whose they are.
type Difference struct {
	Cursor       int64
	Device, Here int64 // records
	Kinds        []KindDifference
}

// KindDifference is a kind that differs: in number, or only in content.
type KindDifference struct {
	Kind         string
	Device, Here int64
}

func (d *Difference) Error() string {
	var kinds []string
	for _, k := range d.Kinds {
		kinds = append(kinds, fmt.Sprintf("%s %d/%d", k.Kind, k.Device, k.Here))
	}
	return fmt.Sprintf("a device and its inbox differ at cursor %d (records there/here): all %d/%d, %s", d.Cursor, d.Device, d.Here, strings.Join(kinds, ", "))
}

// Check compares what a device has with what its person was told (S16). The
// Difference is nil unless the answer is wire.Different.
func (e *Engine) Check(person string, c wire.Check) (answer wire.Checked, difference *Difference, err error) {
	answer = wire.Checked{Type: wire.TypeChecked, Cursor: c.Cursor, Result: wire.Later}
	err = e.store.Read(func(tx Tx) error {
		last, _, err := tx.InboxEnd(person, c.Cursor)
		if err != nil || last != c.Cursor {
			return err
		}
		if tidying, err := e.policy.Tidying(tx, person); err != nil || tidying {
			return err
		}
		rows, err := carried(tx, person)
		if err != nil {
			return err
		}
		var sum wire.Sum
		for _, row := range rows {
			sum.Add(row.Hash)
		}
		if c.Count == int64(len(rows)) && c.Sum == sum.String() {
			answer.Result = wire.Equal
			return nil
		}
		answer.Result = wire.Different
		difference, err = differ(tx, c, rows)
		return err
	})
	return answer, difference, err
}

// carried lists the rows of a person's inbox that have not ended.
func carried(tx Tx, person string) (out []InboxRow, err error) {
	const some = 1000
	for cursor := int64(0); ; {
		rows, err := tx.InboxAfter(person, cursor, some)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			cursor = row.Seq
			if !row.Left {
				out = append(out, row)
			}
		}
		if len(rows) < some {
			return out, nil
		}
	}
}

// differ finds the kinds that differ. It reads every record, so it is only asked
// when something is wrong already.
func differ(tx Tx, c wire.Check, rows []InboxRow) (*Difference, error) {
	d := &Difference{Cursor: c.Cursor, Device: c.Count, Here: int64(len(rows))}
	count, sums := map[string]int64{}, map[string]wire.Sum{}
	for _, row := range rows {
		s, err := tx.Record(row.Org, row.Record)
		if err != nil {
			return nil, err
		}
		kind := "gone" // told of, and erased since
		if s != nil {
			kind = s.Kind
		}
		sum := sums[kind]
		sum.Add(row.Hash)
		count[kind], sums[kind] = count[kind]+1, sum
	}
	for kind := range c.Kinds {
		count[kind] += 0
	}
	for _, kind := range slices.Sorted(maps.Keys(count)) {
		theirs := c.Kinds[kind]
		if theirs.Count != count[kind] || count[kind] > 0 && theirs.Sum != sums[kind].String() {
			d.Kinds = append(d.Kinds, KindDifference{kind, theirs.Count, count[kind]})
		}
	}
	return d, nil
}
