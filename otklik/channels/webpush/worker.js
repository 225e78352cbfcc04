// The worker's half of web push: shows what came, and tells Otklik what became of it.
(function (settings) {
  "use strict";
  const hook = self.OTKLIK;

  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const bytes = (line) =>
    Uint8Array.from(atob(line.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

  const card = (subscription) => ({
    endpoint: subscription.endpoint,
    p256dh: text(subscription.getKey("p256dh")),
    auth: text(subscription.getKey("auth")),
    key: text(subscription.options.applicationServerKey),
  });

  async function tell(event, facts, known) {
    const subscription = known || (await self.registration.pushManager.getSubscription());
    if (!subscription) return;
    const body = { event, subscription: card(subscription), at: Date.now(), ...facts };
    const request = { method: "POST", mode: "no-cors", credentials: "omit", keepalive: true };
    await fetch(hook, { ...request, body: JSON.stringify(body) }).catch(() => {});
  }

  const read = (message) => {
    try {
      const told = message.json();
      return told && told.id && told.proof ? told : null;
    } catch {
      return null; // not ours: the site may have pushes of its own
    }
  };

  const seen = (told) => ({ message: told.id, proof: told.proof });

  async function show(told) {
    await self.registration.showNotification(told.title || settings.title || location.host, {
      body: told.body,
      icon: told.icon,
      image: told.image,
      tag: told.id, // a repeat takes the place of the first, without a sound
      silent: Boolean(told.silent),
      actions: (told.actions || []).map(({ title }, index) => ({ action: String(index), title })),
      data: { otklik: told },
    });
    if (!told.again) await tell("shown", seen(told));
  }

  async function open(url) {
    const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const tab = tabs.find((one) => one.url === url);
    await (tab ? tab.focus() : self.clients.openWindow(url)).catch(() => {});
  }

  self.addEventListener("push", (event) => {
    const told = event.data && read(event.data);
    if (told) event.waitUntil(show(told));
  });

  self.addEventListener("notificationclick", (event) => {
    const told = event.notification.data && event.notification.data.otklik;
    if (!told) return;
    event.notification.close();
    const action = event.action ? (told.actions || [])[Number(event.action)] : null;
    const { title: label, url = action && action.payload ? "" : told.url } = action || told;
    const signed = action && action.payload ? action : told;
    const facts = { ...seen(told), proof: signed.proof, payload: signed.payload, label };
    const done = [tell("clicked", facts)];
    if (url) done.push(open(url));
    event.waitUntil(Promise.all(done));
  });

  self.addEventListener("notificationclose", (event) => {
    const told = event.notification.data && event.notification.data.otklik;
    if (told) event.waitUntil(tell("closed", seen(told)));
  });

  async function renew(before, after) {
    const options = { userVisibleOnly: true, applicationServerKey: bytes(settings.keys[0]) };
    const subscription = after || (await self.registration.pushManager.subscribe(options));
    if (before) await tell("moved", { old: card(before) }, subscription);
    else await tell("subscribed", {}, subscription);
  }

  self.addEventListener("pushsubscriptionchange", (event) => {
    event.waitUntil(renew(event.oldSubscription, event.newSubscription));
  });
})
