package apptest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// find returns the middle of the visible, pressable element that has the name,
// scrolled into view; shorter names win, so that “Spara” is not “Spara valet”.
// From then on the page notes whether the next click is one on what is called so.
const find = `(async (name) => {
  const plain = s => (s || '').replace(/[\u00a0\u202f\u2009\s]+/g, ' ').trim();
  const called = e => plain(e.getAttribute('aria-label') || e.innerText || e.value);
  const dialog = [...document.querySelectorAll('dialog[open]')].pop();
  const pressable = 'a,button,summary,label,[role=tab],[role=button],input[type=submit],option';
  const all = [...(dialog || document).querySelectorAll(pressable)]
    .filter(e => e.getClientRects().length && called(e).includes(name) && e.getAttribute('aria-disabled') !== 'true' && !e.disabled)
    .sort((a, b) => called(a).length - called(b).length);
  const e = all[0];
  if (!e) return null;
  e.scrollIntoView({ block: 'center', behavior: 'instant' });
  const r = e.getClientRects()[0];
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const still = e.getClientRects()[0];
  if (!still || still.x !== r.x || still.y !== r.y) return { covered: 'nothing, but it moves' };
  const x = r.x + r.width / 2, y = r.y + r.height / 2;
  const top = document.elementFromPoint(x, y);
  if (!top || !(e.contains(top) || top.contains(e))) return { covered: (top && (top.className || top.tagName)) + '' };
  const aim = globalThis.aim = { hit: 'none' };
  addEventListener('click', (at) => {
    const on = at.target.closest && at.target.closest(pressable);
    aim.hit = (on && called(on).includes(name)) || e.contains(at.target) ? 'hit' : 'missed'; // what lies around it does not count
  }, { capture: true, once: true });
  return { x, y };
})`

// Tap presses what is called so, as a finger (phone) or the mouse (desk) would, and
// again when the page has not heard of it: on a busy machine a short touch becomes a
// long one, or what was to be pressed has moved away under the finger.
func (b *Browser) Tap(name string) {
	b.tb.Helper()
	for end := time.Now().Add(Patience); ; {
		b.tapOnce(name)
		hit := "none"
		err := RetryFor(clickComes, func() (err error) {
			hit, err = b.evalWithin(clickComes, `globalThis.aim ? globalThis.aim.hit : 'hit'`) // another page: it was heard
			if err == nil && hit == "none" {
				err = errors.New("no click has come")
			}
			return err
		})
		if err != nil { // a page that was busy all the time may have heard it since
			hit, _ = b.eval(`globalThis.aim ? globalThis.aim.hit : 'hit'`)
		}
		if hit == "hit" {
			return
		}
		if time.Now().After(end) {
			b.tb.Fatalf("tap “%s”: the page hears nothing of it (%s, %v); the screen says: %.600s", name, hit, err, b.Text())
		}
	}
}

// clickComes is how long a click may take to follow a touch.
const clickComes = 3 * time.Second

func (b *Browser) tapOnce(name string) {
	b.tb.Helper()
	var at struct {
		X, Y    float64
		Covered string
	}
	Retry(b.tb, "tap “"+name+"”", func() error {
		found, err := b.eval(find + "(" + quote(name) + ")")
		if err != nil {
			return err
		}
		if found == "null" {
			shown, _ := b.eval(text)
			return fmt.Errorf("nothing to press is called so; the screen (%s) says: %.1500s", b.path(), shown)
		}
		at.Covered = ""
		if err := json.Unmarshal([]byte(found), &at); err != nil {
			return err
		}
		if at.Covered != "" {
			return fmt.Errorf("covered by %s", at.Covered)
		}
		return nil
	})
	b.press(at.X, at.Y)
}

// fingerRests is how long a finger stays on the glass; a touch of no length at
// all right after another is taken for a part of that one.
const fingerRests = 60 * time.Millisecond

func (b *Browser) press(x, y float64) {
	b.tb.Helper()
	if b.Screen.Phone {
		b.touch(input.DispatchTouchEventTypeTouchStart, x, y)
		time.Sleep(fingerRests)
		b.touch(input.DispatchTouchEventTypeTouchEnd, x, y)
		return
	}
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		b.call("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1})
	}
}

func (b *Browser) touch(kind input.DispatchTouchEventType, x, y float64) {
	b.tb.Helper()
	p := input.DispatchTouchEventParams{Type: kind, TouchPoints: []*input.TouchPoint{}}
	if kind != input.DispatchTouchEventTypeTouchEnd {
		p.TouchPoints = []*input.TouchPoint{{X: x, Y: y}}
	}
	// An event that a page in the middle of a change of size swallows is never
	// answered; the finger comes down again.
	err := RetryFor(Patience, func() error {
		b.isAsked()
		ctx, cancel := context.WithTimeout(b.ctx, Patience/5)
		defer cancel()
		_, err := chromedp.Call(ctx, input.DispatchTouchEvent, p)
		return err
	})
	if err != nil {
		b.tb.Fatalf("touch: %v", err)
	}
}
