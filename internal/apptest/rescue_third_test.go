package apptest

import (
	"os/exec"
	"testing"
)

// While two hold the rescue key, the screen says on whom it hangs. A third gets a code,
// and their part of the key when the two open together, though nothing waits. Then one
// of the first two leaves, and what a phone had locked before still opens.
func TestAThirdHolderGetsTheirPartOfTheKey(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	run := func(args ...string) {
		t.Helper()
		if out, err := exec.Command(Binary(t), append(args[:2:2], append([]string{"-data", p.Data}, args[2:]...)...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	eva, rolf, codes := rescuers(t, p)
	rolf.See("öppnas bara om Eva Brink och Rolf Tingvall är med", "Be en tredje person göra en kod")

	link := NewLink(t, p)
	kim := Open(t, link.URL, SmallPhone)
	kim.SignIn(p, "kim")
	kim.signs()
	kim.Walk(kim.links("/visit/", 1)[0])
	link.Cut()
	const note = "Låst för den nyckel som fanns då."
	kim.saveNote(note)
	kim.Load("/")
	kim.Gate("locked")

	run("user", "add", "-org", "sjobergahem", "-id", "mona", "-name", "Mona Sjö", "-role", "landlord_manager", "-units", "hem-norr")
	p.Invite("mona")
	mona := Open(t, p.URL, Desk)
	mona.SignIn(p, "mona")
	codes[mona] = mona.makesCode()
	mona.See("men ingen del av nyckeln än", "Öppna tillsammans en gång, så får alla med kod sin del")

	eva.Go("/rescue")
	eva.See("Inget är inlämnat som väntar")
	eva.Fill("Varför öppnar ni det?", "Mona har fått en kod")
	eva.Fill("Din kod", codes[eva])
	eva.Tap("Börja öppna")
	eva.See("Be en kollega med en egen kod")
	rolf.Go("/rescue")
	rolf.Fill("Din kod", codes[rolf])
	rolf.Tap("Öppna tillsammans")
	rolf.See("Alla med kod har nu sin del av nyckeln")
	rolf.NotSee("öppnas bara om")

	run("user", "disable", "eva")
	link.Heal()
	kim.Tap("Kan du inte låsa upp?")
	kim.Tap("Lämna in det som väntar")
	kim.See("En sak är inlämnad")
	mona.Go("/rescue")
	opensTogether(mona, rolf, codes, "Kims telefon är borta")
	rolf.See("En sak ligger nu bland det upphittade", "öppnas bara om Rolf Tingvall och Mona Sjö är med")
}
