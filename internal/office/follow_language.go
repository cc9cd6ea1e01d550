package office

import (
	"slices"
	"strings"

	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// translationID is the id of the record that says how it stands with a language.
func translationID(language string) string { return "translation-" + language }

// fitsTranslation judges that it is social services' word on one of the
// languages, and that a review is of the words as they are now.
func (a *admission) fitsTranslation() error {
	own, err := a.f.Organisation(a.org)
	if err != nil || own == nil {
		return err
	}
	if own.Kind != casework.SocialServices {
		return refuse(wire.CodeInvalid, "Samtycket hör till socialtjänsten. Det är den som bestämmer språken.")
	}
	language := a.text("language")
	if a.before != nil && language == "" {
		language = text(a.before.Fields["language"].Value)
	}
	tongue := casework.TongueOf(language)
	if tongue == nil || a.change.Record != translationID(language) {
		return notFound()
	}
	if review := object[casework.Reviewed](a.change.Fields["review"].Value); review != nil && review.Hash != tongue.Hash {
		return refuse(wire.CodeInvalid, "Översättningen har ändrats sedan du läste den. Läs den igen och granska den då.")
	}
	return nil
}

// languages tells both sides of an organisation's agreements which translations
// it has switched on, and which of them somebody has reviewed.
func (w *work) languages(org string) error {
	agreements, err := w.f.RecordsOfKind(org, "agreement")
	if err != nil || len(agreements) == 0 {
		return err
	}
	offered, err := OfferedBy(w.f, org)
	if err != nil {
		return err
	}
	for _, agreement := range agreements {
		if text(agreement.Fields["social_org"].Value) != org {
			continue
		}
		for _, side := range []string{text(agreement.Fields["landlord_org"].Value), org} {
			if err := w.setOf(side, "agreement", agreement.ID, map[string]any{"languages": offered}); err != nil {
				return err
			}
		}
	}
	return nil
}

// OfferedBy lists the translations that social services have switched on.
func OfferedBy(f casework.Facts, org string) ([]casework.OfferedTongue, error) {
	records, err := f.RecordsOfKind(org, "translation")
	if err != nil {
		return nil, err
	}
	offered := []casework.OfferedTongue{}
	for _, r := range records {
		if !truth(r.Fields["on"].Value) {
			continue
		}
		one := casework.OfferedTongue{Language: text(r.Fields["language"].Value)}
		if review := object[casework.Reviewed](r.Fields["review"].Value); review != nil {
			one.Reviewed = review.Hash
		}
		offered = append(offered, one)
	}
	slices.SortFunc(offered, func(a, b casework.OfferedTongue) int { return strings.Compare(a.Language, b.Language) })
	return offered, nil
}

// agreed keeps the words of an agreement, and gives a new one its languages. The
// second of the two sides to be written finds the other there.
func (w *work) agreed(c server.Changed) error {
	if err := w.wordings(c); err != nil || c.Before != nil {
		return err
	}
	return w.languages(text(c.After.Fields["social_org"].Value))
}
