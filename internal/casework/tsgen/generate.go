package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"bokvar/internal/casework"
	"bokvar/internal/method"
)

const head = `// Made by "go generate ./internal/casework" from schema.go and shape.go. Do not edit.
// A field is missing when this person may not see it, and null when it has no value.

`

// unions are the closed lists that are types of their own.
var unions = []struct {
	name   string
	list   string // the constant that holds the values
	of     reflect.Type
	values any
}{
	{"Answer", "ANSWERS", reflect.TypeFor[casework.Answer](), casework.Answers},
	{"Because", "BECAUSES", reflect.TypeFor[casework.Because](), casework.Becauses},
	{"RentState", "RENT_STATES", reflect.TypeFor[casework.RentState](), casework.RentStates},
	{"Role", "ROLES", reflect.TypeFor[casework.Role](), casework.Roles},
}

// shapes are the values of fields of type object.
var shapes = []reflect.Type{
	reflect.TypeFor[casework.Outcome](), reflect.TypeFor[casework.Cancelled](), reflect.TypeFor[casework.Moved](),
	reflect.TypeFor[casework.Seen](), reflect.TypeFor[casework.Rent](), reflect.TypeFor[casework.Debt](),
	reflect.TypeFor[casework.Reason](), reflect.TypeFor[casework.LastContact](), reflect.TypeFor[casework.Counts](),
	reflect.TypeFor[casework.Wording](), reflect.TypeFor[casework.WordingShown](), reflect.TypeFor[casework.ConflictVersion](),
	reflect.TypeFor[casework.FoundWord](), reflect.TypeFor[casework.FoundChange](),
	reflect.TypeFor[casework.NamedTenant](), reflect.TypeFor[casework.LinkedSigner](), reflect.TypeFor[casework.ConsentStanding](),
	reflect.TypeFor[casework.Evidence](), reflect.TypeFor[casework.OfferedTongue](), reflect.TypeFor[casework.Reviewed](),
	reflect.TypeFor[casework.TranslationShown](),
}

// objectTypes names the shape of each field of type object.
var objectTypes = map[string]string{
	"agreement.wording": "Wording", "agreement.languages": "OfferedTongue[]", "translation.review": "Reviewed", "giving.translation": "TranslationShown",
	"late_list.counts": "Counts", "case.rent": "Rent",
	"case.priority": "Reason[]", "case.debt_reasons": "Reason[]", "case.debt": "Debt",
	"case.last_contact": "LastContact", "contact.moved": "Moved", "contact.cancelled": "Cancelled",
	"contact.outcome": "Outcome", "alert.seen": "Seen", "conflict.versions": "ConflictVersion[]",
	"conflict.settled": "Seen", "found.changes": "FoundChange[]", "found.settled": "Seen", "giving.wording": "WordingShown",
	"giving.evidence": "Evidence", "signature.copies": "string[]", "giving.photos": "string[]", "wording.wording": "Wording", "notice_sent.tenants": "NamedTenant[]", "notice_in.tenants": "NamedTenant[]",
	"thread_message.concerns": "string[]", "message.concerns": "string[]", "appointment.concerns": "string[]",
	"room.covered": "string[]", "case.handles": "string[]", "case_link.people": "LinkedSigner[]", "consent_state.standings": "ConsentStanding[]",
}

// generate returns the TypeScript source. It fails when a field's type has no
// counterpart there.
func generate() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(head)
	writeUnions(&b)
	for _, shape := range shapes {
		if err := writeShape(&b, shape); err != nil {
			return nil, err
		}
	}
	for _, kind := range casework.Schema {
		if err := writeKind(&b, kind); err != nil {
			return nil, err
		}
	}
	writeKinds(&b)
	if err := writeReasons(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// generateTongues lists the languages of a consent, with the hash that a review is
// of: a file of its own, because the first screens have no need of it.
func generateTongues() []byte {
	var b bytes.Buffer
	b.WriteString("// Made by \"go generate ./internal/casework\" from tongues/*.json. Do not edit.\n\n")
	b.WriteString("export const TONGUES = [\n")
	for _, t := range casework.Tongues {
		fmt.Fprintf(&b, "  { language: '%s', name: '%s', dir: '%s', hash: '%s' },\n", t.Language, t.Name, t.Direction, t.Hash)
	}
	b.WriteString("] as const;\nexport type Tongue = (typeof TONGUES)[number];\n")
	return b.Bytes()
}

// generateGrounds lists on what one thing can be told without consent: a file of
// its own as well.
func generateGrounds() []byte {
	var b bytes.Buffer
	b.WriteString("// Made by \"go generate ./internal/casework\" from grounds.json. Do not edit.\n\n")
	b.WriteString("export const GROUNDS = [\n")
	for _, g := range casework.Grounds {
		fmt.Fprintf(&b, "  { id: '%s', for: '%s', law: %s, sv: %s, en: %s },\n", g.ID, g.For, quoted(g.Law), quoted(g.Swedish), quoted(g.English))
	}
	b.WriteString("] as const;\nexport type Ground = (typeof GROUNDS)[number];\n")
	return b.Bytes()
}

func writeUnions(b *bytes.Buffer) {
	for _, u := range unions {
		fmt.Fprintf(b, "export const %s = %s as const;\nexport type %s = (typeof %s)[number];\n\n", u.list, list(u.values), u.name, u.list)
	}
}

func writeShape(b *bytes.Buffer, shape reflect.Type) error {
	fmt.Fprintf(b, "export interface %s {\n", shape.Name())
	for i := range shape.NumField() {
		field := shape.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		optional := ""
		if options == "omitempty" {
			optional = "?"
		}
		typ, err := shapeType(field.Type)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", shape.Name(), name, err)
		}
		fmt.Fprintf(b, "  %s%s: %s;\n", name, optional, typ)
	}
	b.WriteString("}\n\n")
	return nil
}

func shapeType(t reflect.Type) (string, error) {
	for _, u := range unions {
		if t == u.of {
			return u.name, nil
		}
	}
	switch {
	case t.Kind() == reflect.Map && t.Elem().Kind() == reflect.Struct:
		return "Record<string, " + t.Elem().Name() + ">", nil
	case t == reflect.TypeFor[json.RawMessage]():
		return "unknown", nil
	case t.Kind() == reflect.String:
		return "string", nil
	case t == reflect.TypeFor[[]string]():
		return "string[]", nil
	case t.Kind() == reflect.Bool:
		return "boolean", nil
	case t.Kind() == reflect.Int, t.Kind() == reflect.Int64:
		return "number", nil
	}
	return "", fmt.Errorf("no TypeScript type for %s", t)
}

func writeKind(b *bytes.Buffer, kind casework.Kind) error {
	fmt.Fprintf(b, "export interface %s {\n", interfaceName(kind.Name))
	for _, field := range kind.Fields {
		typ, err := fieldType(kind.Name, field)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "  %s?: %s | null;\n", field.Name, typ)
	}
	b.WriteString("}\n\n")
	return nil
}

func fieldType(kind string, f casework.FieldType) (string, error) {
	switch f.Type {
	case casework.Text, casework.LongText, casework.Day, casework.Month, casework.Ref, casework.Person, casework.Unit, casework.Number:
		return "string", nil
	case casework.Instant, casework.Int, casework.Money:
		return "number", nil
	case casework.Bool:
		return "boolean", nil
	case casework.People, casework.Units:
		return "string[]", nil
	case casework.Choice:
		return union(f.Choices), nil
	case casework.Choices:
		return "(" + union(f.Choices) + ")[]", nil
	case casework.Strokes:
		return "number[][][]", nil
	case casework.Object:
		if typ := objectTypes[kind+"."+f.Name]; typ != "" {
			return typ, nil
		}
	}
	return "", fmt.Errorf("%s.%s: no TypeScript type for %s", kind, f.Name, f.Type)
}

func writeKinds(b *bytes.Buffer) {
	b.WriteString("/** The fields of every kind. */\nexport interface Fields {\n")
	for _, kind := range casework.Schema {
		fmt.Fprintf(b, "  %s: %s;\n", kind.Name, interfaceName(kind.Name))
	}
	b.WriteString("}\n\nexport type KindName = keyof Fields;\n\n")
	b.WriteString("/** root: the field with the id of the record that decides who carries it; 'id': itself; '': the whole organisation. */\n")
	b.WriteString("export const KINDS: Record<KindName, { root: string; appendOnly: boolean }> = {\n")
	for _, kind := range casework.Schema {
		fmt.Fprintf(b, "  %s: { root: '%s', appendOnly: %t },\n", kind.Name, kind.Root, kind.AppendOnly)
	}
	b.WriteString("};\n")
}

// writeReasons puts the model's words for reasons into the app, so that a phone
// can say them offline.
func writeReasons(b *bytes.Buffer) error {
	profiles, err := method.Load()
	if err != nil {
		return err
	}
	b.WriteString("\n/** How a reason is said: {days} until its date, {n} its number; one and zero are for that many. */\n")
	b.WriteString("export interface ReasonText {\n  sv: string;\n  en: string;\n}\n\n")
	b.WriteString("export const REASONS: Record<string, { text: ReasonText; one?: ReasonText; zero?: ReasonText }> = {\n")
	for _, rule := range profiles["model"].Rules {
		fmt.Fprintf(b, "  %s: { text: %s", rule.ID, words(rule.Text))
		if rule.One.SV != "" {
			fmt.Fprintf(b, ", one: %s", words(rule.One))
		}
		if rule.Zero.SV != "" {
			fmt.Fprintf(b, ", zero: %s", words(rule.Zero))
		}
		b.WriteString(" },\n")
	}
	b.WriteString("};\n")
	return nil
}

func words(t method.Text) string {
	return fmt.Sprintf("{ sv: %s, en: %s }", quoted(t.SV), quoted(t.EN))
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "\\'") + "'" }

// interfaceName is the kind's name as a TypeScript interface: "late_list" becomes LateListFields.
func interfaceName(kind string) string {
	var name strings.Builder
	for _, part := range strings.Split(kind, "_") {
		name.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return name.String() + "Fields"
}

func union(choices []string) string { return "'" + strings.Join(choices, "' | '") + "'" }

func list(values any) string {
	v := reflect.ValueOf(values)
	words := make([]string, v.Len())
	for i := range words {
		words[i] = "'" + v.Index(i).String() + "'"
	}
	return "[" + strings.Join(words, ", ") + "]"
}
