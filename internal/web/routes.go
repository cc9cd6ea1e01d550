package web

import "github.com/gofiber/fiber/v2"

// routes is the one list of what can be asked. openapi.json describes the same.
func (w *Web) routes(app *fiber.App) {
	app.Use(w.record, w.headers, w.finishBody, w.rescue)

	app.Get("/healthz", w.healthShow)
	app.Get("/readyz", w.readyShow)

	app.Get("/.well-known/security.txt", w.securityShow)

	app.Get("/sync", w.syncSocket)
	app.Post("/sync", w.own, w.signedIn, w.syncPost)

	api := app.Group("/api", noStore)
	api.Get("/openapi.json", w.openapiShow)
	api.Post("/session", w.sameOrigin, w.sessionOpen)
	api.Get("/session", w.signedIn, w.sessionShow)
	api.Delete("/session", w.own, w.sessionEnd)
	api.Delete("/session/others", w.own, w.signedIn, w.sessionEndOthers)
	api.Post("/session/again", w.own, w.sessionAgain)
	api.Post("/session/passkey", w.own, w.sessionPasskey)
	api.Post("/session/passkey/challenge", w.own, w.sessionChallenge)
	api.Post("/vault/passkey/challenge", w.own, w.signedIn, w.vaultChallenge)
	api.Put("/vault", w.own, w.signedIn, w.vaultPut)
	api.Put("/device/signing", w.own, w.signedIn, w.signingPut)

	api.Get("/devices", w.signedIn, w.deviceList)
	api.Post("/devices/:person/:device/:order", w.own, w.signedIn, w.deviceOrder)
	api.Post("/device/report", w.own, w.signedIn, w.deviceReport)
	api.Post("/device/orders", w.own, w.deviceAsk)
	api.Post("/device/wiped", w.own, w.deviceWiped)

	api.Get("/limits", w.signedIn, w.phoneLimitsShow)
	api.Put("/limits", w.own, w.signedIn, w.phoneLimitsPut)

	api.Get("/people", w.signedIn, w.peopleList)
	api.Post("/people", w.own, w.signedIn, w.personAdd)
	api.Put("/people/:id", w.own, w.signedIn, w.personChange)
	api.Post("/people/:id/invite", w.own, w.signedIn, w.personInvite)
	api.Get("/people/:id/leaves", w.signedIn, w.personLeaves)
	api.Post("/people/:id/end", w.own, w.signedIn, w.personEnd)

	api.Get("/account/events", w.signedIn, w.accountEvents)
	api.Get("/recoveries", w.signedIn, w.recoveryList)
	api.Post("/recoveries", w.own, w.signedIn, w.recoveryAsk)
	api.Post("/recoveries/:id/agree", w.own, w.signedIn, w.recoveryAgree)
	api.Delete("/recoveries/:id", w.own, w.signedIn, w.recoveryDrop)

	api.Get("/oidc", w.oidcList)
	api.Get("/oidc/callback", w.oidcFinish)
	api.Get("/oidc/out", w.signedIn, w.oidcOut)
	api.Post("/oidc/:id", w.own, w.oidcStart)

	api.Get("/why/:table", w.signedIn, w.whyShow)
	api.Get("/tongues/:language", w.signedIn, w.tongueShow)
	api.Get("/method", w.signedIn, w.methodShow)
	api.Get("/monthly", w.signedIn, w.monthlyShow)

	api.Post("/search", w.own, w.signedIn, w.searchFind)
	api.Post("/protected/:root", w.own, w.signedIn, w.protectedFetch)
	api.Put("/protected/:root", w.own, w.signedIn, w.protectedChange)
	api.Post("/protected/:root/photos/:id", w.own, w.signedIn, w.protectedPhoto)
	api.Get("/log", w.signedIn, w.logShow)
	api.Post("/log/search", w.own, w.signedIn, w.logSearch)
	api.Get("/log/:root", w.signedIn, w.logOfCase)
	api.Get("/extract/:root", w.signedIn, w.extractShow)
	api.Post("/extract/:root", w.own, w.signedIn, w.extractFetch)
	api.Post("/readings", w.own, w.signedIn, w.readingTell)

	api.Post("/handin", w.own, w.handInTake)
	api.Get("/rescue", w.signedIn, w.rescueShow)
	api.Put("/rescue/code", w.own, w.signedIn, w.rescueHold)
	api.Put("/rescue/halves", w.own, w.signedIn, w.rescueMove)
	api.Post("/rescue/key", w.own, w.signedIn, w.rescueMake)
	api.Post("/rescue/opening", w.own, w.signedIn, w.openingBegin)
	api.Get("/rescue/opening/:id", w.signedIn, w.openingShow)
	api.Post("/rescue/opening/:id", w.own, w.signedIn, w.openingFinish)
	api.Delete("/rescue/opening/:id", w.own, w.signedIn, w.openingStop)

	api.Get("/erasure", w.signedIn, w.erasureShow)
	api.Put("/erasure/keep", w.own, w.signedIn, w.erasureKeep)
	api.Post("/erasure/run", w.own, w.signedIn, w.erasureRun)
	api.Put("/erasure/holds/:root", w.own, w.signedIn, w.erasureHold)
	api.Delete("/erasure/holds/:root", w.own, w.signedIn, w.erasureRelease)
	api.Get("/erasure/certificates/:number", w.signedIn, w.certificateShow)
	api.Get("/verification", w.signedIn, w.verificationShow)

	api.Get("/photos/:id", w.signedIn, w.photoShow)
	api.Get("/photos/:id/parts", w.signedIn, w.photoAsk)
	api.Put("/photos/:id/parts/:part", w.own, w.signedIn, w.photoTake)

	api.Get("/consents/:id/paper.pdf", w.signedIn, w.consentPrint)

	api.Get("/imports", w.signedIn, w.mayImport, w.importList)
	api.Post("/imports", w.own, w.signedIn, w.mayImport, w.importPropose)
	api.Get("/imports/:id", w.signedIn, w.mayImport, w.importShow)
	api.Post("/imports/:id/confirm", w.own, w.signedIn, w.mayImport, w.importConfirm)
	api.Delete("/imports/:id", w.own, w.signedIn, w.mayImport, w.importDrop)

	api.Post("/push/subscriptions", w.own, w.signedIn, w.pushSubscribe)
	api.Delete("/push/subscriptions", w.own, w.signedIn, w.pushUnsubscribe)
	api.Post("/alerts/:id/shown", w.own, w.signedIn, w.alertShown)
	api.Use(nothingHere)

	app.Get("/withdraw", w.copyShow)
	app.Post("/withdraw", w.copyTake)
	app.Get("/withdraw.css", w.copyStyleShow)
	app.Get("/withdraw.js", w.copyScriptShow)

	app.Get("/assets/*", w.assetShow)
	app.Get("/icons/*", w.iconShow)
	app.Get("/sw.js", w.workerShow)
	app.Get("/withdrawn.json", w.withdrawnShow)
	app.Get("/manifest.webmanifest", w.manifestShow)
	app.Get("/*", w.appShow)
	app.Use(nothingHere)
}
