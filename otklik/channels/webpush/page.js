// The page's half of web push: asks in our own words first, subscribes, and tells Otklik.
(function (settings) {
  "use strict";
  const script = document.currentScript;
  const hook = script.src.split("?")[0];
  const worker = script.dataset.worker || "/otklik-push.js";
  const russian = /^(ru|be|uk|kk)/.test(document.documentElement.lang || navigator.language);
  const words = russian
    ? { yes: "Да", no: "Не сейчас", ask: "Получать уведомления?" }
    : { yes: "Yes", no: "Not now", ask: "Get notifications?" };
  const DAY = 86400000;
  const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  let identity = "";

  const keep = (name, value) => {
    try {
      if (value !== undefined) localStorage.setItem(`otklik-push-${name}`, value);
      return localStorage.getItem(`otklik-push-${name}`) || "";
    } catch {
      return ""; // a browser that stores nothing is asked again, and told again
    }
  };

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const card = (subscription) => ({
    endpoint: subscription.endpoint,
    p256dh: text(subscription.getKey("p256dh")),
    auth: text(subscription.getKey("auth")),
    key: text(subscription.options.applicationServerKey),
  });

  // A plain request: it needs no answer, and so no permission of CORS.
  const tell = (event, subscription, facts) =>
    fetch(hook, {
      method: "POST",
      mode: "no-cors",
      credentials: "omit",
      keepalive: true,
      body: JSON.stringify({ event, subscription: card(subscription), at: Date.now(), ...facts }),
    }).catch(() => {});

  const about = (facts) => ({
    page: location.origin + location.pathname,
    language: russian ? "ru" : "en",
    identity,
    ...facts,
  });

  const present = async () => {
    const registration = await navigator.serviceWorker.getRegistration(worker);
    const found = registration && (await registration.pushManager.getSubscription());
    return found && settings.keys.includes(card(found).key) ? found : null;
  };

  async function subscribe(wording, marketing) {
    const registration = await navigator.serviceWorker.register(worker);
    await navigator.serviceWorker.ready;
    if ((await Notification.requestPermission()) !== "granted") return false;
    let found = await registration.pushManager.getSubscription();
    if (found && !settings.keys.includes(card(found).key)) {
      await found.unsubscribe(); // another program's: nobody here has its key
      found = null;
    }
    found ||= await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytes(settings.keys[0]),
    });
    keep("told", String(Date.now()));
    await tell("subscribed", found, about({ wording, marketing }));
    return true;
  }

  // Once a day, so that an address that was lost on the way is known again.
  async function remind(force) {
    const found = can && Notification.permission === "granted" ? await present() : null;
    if (!found || (!force && Date.now() - Number(keep("told")) < DAY)) return;
    keep("told", String(Date.now()));
    await tell("subscribed", found, about({}));
  }

  async function leave() {
    const found = can ? await present() : null;
    if (!found) return;
    await tell("unsubscribed", found, {});
    await found.unsubscribe();
  }

  const made = (name, style, inside) => {
    const element = document.createElement(name);
    Object.assign(element.style, style);
    element.textContent = inside;
    return element;
  };

  function question() {
    const wording = settings.prompt || words.ask;
    const box = made("div", {
      position: "fixed", insetInline: "16px", bottom: "16px", maxWidth: "360px", padding: "16px",
      margin: "0 auto", background: "#fff", color: "#1a1a1a", borderRadius: "12px",
      boxShadow: "0 8px 32px rgba(0,0,0,.25)", font: "16px/1.4 system-ui, sans-serif",
      zIndex: "2147483000",
    }, "");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", wording);
    box.append(made("p", { margin: "0 0 12px" }, wording));
    const tick = document.createElement("input");
    tick.type = "checkbox";
    if (settings.marketing_prompt) {
      const line = made("label", { display: "block", margin: "0 0 12px" }, "");
      line.append(tick, ` ${settings.marketing_prompt}`);
      box.append(line);
    }
    const key = (label, color, background) => {
      const button = made("button", {
        border: "0", borderRadius: "8px", padding: "10px 16px", marginInlineEnd: "8px",
        font: "inherit", cursor: "pointer", color, background,
      }, label);
      button.type = "button";
      box.append(button);
      return button;
    };
    key(words.yes, "#fff", "#1d5fd1").onclick = () => {
      box.remove();
      const said = tick.checked ? `${wording}\n${settings.marketing_prompt}` : wording;
      subscribe(said, tick.checked).catch(() => {}); // the browser would not: nothing to tell
    };
    key(words.no, "#1a1a1a", "#eee").onclick = () => {
      box.remove();
      keep("later", String(Date.now() + 30 * DAY));
    };
    document.body.append(box);
  }

  async function ask() {
    const refused = can && Notification.permission === "denied";
    if (!can || refused || Date.now() < Number(keep("later")) || (await present())) return;
    question();
  }

  const verbs = {
    ask,
    identify(proof) {
      identity = proof;
      return remind(true);
    },
    reset() {
      identity = "";
      return leave();
    },
  };
  const before = (window.otklikPush && window.otklikPush.q) || [];
  window.otklikPush = (verb, argument) => verbs[verb](argument);
  if (!before.length) remind(false).catch(() => {});
  for (const [verb, argument] of before) window.otklikPush(verb, argument);
})
