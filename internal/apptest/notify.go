package apptest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Push hands a push message to the app's service worker, as the browser does
// when one has come and was decrypted, and returns what the notification says.
func (b *Browser) Push(data string) string {
	b.tb.Helper()
	id := b.registration()
	ctx, cancel := context.WithTimeout(b.ctx, Patience)
	defer cancel()
	_, err := chromedp.Call(ctx, serviceworker.DeliverPushMessage, serviceworker.DeliverPushMessageParams{Origin: b.Origin, RegistrationID: id, Data: data})
	if err != nil {
		b.tb.Fatalf("deliver the push: %v", err)
	}
	shown := ""
	Retry(b.tb, "a notification is shown", func() error {
		shown, err = b.eval(`navigator.serviceWorker.ready.then(r => r.getNotifications()).then(all => all.map(n => n.title + ' | ' + n.body).join('\n'))`)
		if err == nil && shown == "" {
			err = fmt.Errorf("none")
		}
		return err
	})
	return shown
}

// registration is the app's service worker, as the browser knows it.
func (b *Browser) registration() (id serviceworker.RegistrationID) {
	b.tb.Helper()
	b.Eval(`navigator.serviceWorker.ready.then(() => true)`) // a worker that is still being installed takes no push
	ctx, cancel := context.WithTimeout(b.ctx, Patience)
	defer cancel()
	events := chromedp.Events(ctx, serviceworker.WorkerRegistrationUpdated)
	if _, err := chromedp.Call(ctx, serviceworker.Enable, cdp.Empty{}); err != nil {
		b.tb.Fatalf("watch service workers: %v", err)
	}
	for e, err := range events {
		if err != nil {
			b.tb.Fatalf("no service worker is registered: %v", err)
		}
		for _, r := range e.Registrations {
			if !r.IsDeleted {
				id = r.RegistrationID
			}
		}
		if id != "" {
			break
		}
	}
	return id
}

// Waker returns what wakes the service worker as the browser does when there is a
// network again, though no page of the app is open by then.
func (b *Browser) Waker(tag string) (wake func()) {
	b.tb.Helper()
	id := b.registration()
	return func() {
		b.tb.Helper()
		ctx, cancel := context.WithTimeout(b.ctx, Patience)
		defer cancel()
		_, err := chromedp.Call(ctx, serviceworker.DispatchSyncEvent, serviceworker.DispatchSyncEventParams{Origin: b.Origin, RegistrationID: id, Tag: tag})
		if err != nil {
			b.tb.Fatalf("wake the worker: %v", err)
		}
	}
}

// InWorker evaluates in the service worker. One that has gone to sleep, as it does after
// half a minute, is woken by the page.
func (b *Browser) InWorker(expression string) string {
	b.tb.Helper()
	var id target.ID
	Retry(b.tb, "a service worker runs", func() error {
		infos, err := chromedp.Targets(b.ctx)
		if err != nil {
			return err
		}
		for _, i := range infos {
			if i.Type == "service_worker" {
				id = i.TargetID
				return nil
			}
		}
		_, _ = b.eval(`navigator.serviceWorker.getRegistration().then((r) => r?.active?.postMessage('wake up'))`) // a word that it does nothing upon
		return errors.New("none does")
	})
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithTargetID(id))
	b.tb.Cleanup(cancel) // it ends the worker, and whatever screen the worker is answering with
	answer, err := chromedp.Call(ctx, cdp.Command[map[string]any, json.RawMessage]{Method: "Runtime.evaluate"},
		map[string]any{"expression": expression, "awaitPromise": true})
	if err != nil {
		b.tb.Fatalf("in the worker: %v", err)
	}
	return string(answer)
}

// TapNotification taps the newest notification: the worker gets the event that
// the system would send it.
func (b *Browser) TapNotification() {
	b.tb.Helper()
	answer := b.InWorker(`registration.getNotifications().then(all => { dispatchEvent(new NotificationEvent('notificationclick', { notification: all.pop() })); return 'tapped'; })`)
	b.tb.Logf("the tap: %s", answer)
}
