package apptest

import (
	"strings"
	"testing"
)

// Who goes on typing while the phone is saving the note loses nothing of it: it stays
// in the field, as the beginning of the next one.
func TestWhatIsTypedWhileANoteIsSavedStays(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	b := Open(t, p.URL, SmallPhone)
	b.SignIn(p, "kim")
	b.Walk(b.links("/visit/", 1)[0])
	b.Fill("Anteckning", "Hann inte prata.")
	b.See("Spara anteckning")
	b.Eval(`(() => {
  const field = document.querySelector('textarea');
  [...document.querySelectorAll('button')].find(e => e.innerText.trim() === 'Spara anteckning').click();
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(field, field.value + ' Ringer i morgon.');
  field.dispatchEvent(new Event('input', { bubbles: true }));
})()`)
	b.Synced()
	b.until("have what was typed meanwhile in the field", func(shown string) bool {
		v, err := b.eval(`document.querySelector('textarea').value`)
		return err == nil && v == "Ringer i morgon." && strings.Contains(shown, "Hann inte prata.")
	})
	once(t, p, []string{"Hann inte prata."})
}
