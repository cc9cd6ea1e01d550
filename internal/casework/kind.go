package casework

// kinds and fields index Schema. They are made once and never written again.
var (
	kinds  = map[string]*Kind{}
	fields = map[string]map[string]*FieldType{}
)

func init() {
	for i := range Schema {
		k := &Schema[i]
		kinds[k.Name] = k
		fields[k.Name] = make(map[string]*FieldType, len(k.Fields))
		for j := range k.Fields {
			fields[k.Name][k.Fields[j].Name] = &k.Fields[j]
		}
	}
}

// KindOf returns the kind of that name, nil when there is none.
func KindOf(name string) *Kind { return kinds[name] }

// FieldOf returns a kind's field, nil when there is none.
func FieldOf(kind, field string) *FieldType { return fields[kind][field] }

// Has says whether the kind has the field.
func (k *Kind) Has(field string) bool { return FieldOf(k.Name, field) != nil }

// Groups lists the access groups in the order of Schema, each once.
func Groups() []string {
	var groups []string
	seen := map[string]bool{}
	for _, k := range Schema {
		for _, f := range k.Fields {
			if !seen[f.Group] {
				seen[f.Group] = true
				groups = append(groups, f.Group)
			}
		}
	}
	return groups
}

// Collectable says whether records of the kind may be made on behalf of
// another organisation: a consent belongs to the one whose secrecy it lifts.
func Collectable(kind string) bool {
	return kind == "giving" || kind == "signature" || kind == "paper_photo" || kind == "withdrawal"
}

// Shareable says whether records of the kind can be marked as shared with
// another organisation. Whether the mark counts is for access.md to say.
func Shareable(kind string) bool { return FieldOf(kind, "shared_with") != nil }
