/**
 * The one script on the site's page. Until the visitor shows intent it draws a button and loads
 * nothing; the chat itself lives in a frame of our own origin. It uses neither fetch nor JSON and
 * builds every element by hand: the page around it may have changed any of them.
 */
import type { Page, ToLoader, ToPanel } from "./bridge";
import { draw, launch, make } from "./launcher";

type Listener = (detail: unknown) => void;
type Api = ((...call: unknown[]) => void) & { q?: ArrayLike<unknown>[]; on?: 1 };

const WORDS = {
  ru: ["Открыть чат", "Закрыть чат", "Чат с нами", "Скрыть", "Непрочитанных сообщений"],
  en: ["Open the chat", "Close the chat", "Chat with us", "Hide", "Unread messages"],
} as const;

const script = document.currentScript as HTMLScriptElement | null;
const site = window as unknown as { otklik?: Api };
if (script && !site.otklik?.on) start(script);

function start(tag: HTMLScriptElement): void {
  const base = tag.src.slice(0, tag.src.lastIndexOf("/"));
  const origin = new URL(base).origin;
  const key = tag.dataset.inbox ?? "";
  const flag = `otklik:${key}`;
  const theme = tag.dataset.theme ?? "";
  const phone = matchMedia("(max-width:520px),(max-height:480px)");
  const ui = launch();
  const listeners: [string, Listener][] = [];
  let words: readonly string[] = wordsOf(tag.dataset.locale || document.documentElement.lang);
  let frame: HTMLIFrameElement | undefined;
  let ready = false;
  let waiting: ToPanel[] = [];
  let open = false;
  let count = 0;
  let bodyWasInert = false;
  let address = "";
  const landing = landingPage(flag, "landing" in tag.dataset);

  function wordsOf(locale: string): readonly string[] {
    return WORDS[/^(ru|be|uk|kk)/.test(locale || navigator.language) ? "ru" : "en"];
  }

  function tell(message: ToPanel): void {
    if (ready) frame?.contentWindow?.postMessage(message, origin);
    else waiting.push(message);
  }

  function load(): void {
    if (frame) return;
    frame = make(document.createDocumentFragment(), "iframe", "f h");
    frame.title = words[2] ?? "";
    frame.allow = "autoplay";
    frame.src = `${base}/widget/frame/${encodeURIComponent(key)}`;
    ui.box.insertBefore(frame, ui.button);
    const locale = tag.dataset.locale ?? "";
    waiting.unshift({ otklik: 1, kind: "hello", visit: { page: page(), landing }, locale, theme });
    setInterval(watchPage, 2000);
  }

  function watchPage(): void {
    if (address === location.href) return;
    address = location.href;
    if (ready) tell({ otklik: 1, kind: "page", page: page() });
  }

  function show(next: boolean): void {
    if (next) load();
    if (open === next) return;
    open = next;
    draw(ui.icon, open);
    layout();
    ui.preview.hidden = true;
    if (open) frame?.focus();
    else ui.button.focus({ preventScroll: true });
    emit(open ? "open" : "close", undefined);
  }

  function layout(): void {
    const full = open && phone.matches;
    ui.button.hidden = full;
    // On a phone the chat is the whole screen: the page beneath must not take focus.
    if (full !== bodyWasInert) {
      bodyWasInert = full;
      document.body.inert = full;
    }
    label();
    tell({ otklik: 1, kind: "shown", open, phone: phone.matches });
    if (!frame) return;
    frame.className = `f${open ? "" : " h"}${phone.matches ? " m" : ""}`;
    fit();
  }

  // Only the top page knows how much of the screen the keyboard leaves.
  function fit(): void {
    const view = window.visualViewport;
    if (!frame || !view) return;
    const full = open && phone.matches;
    frame.style.height = full ? `${view.height}px` : "";
    frame.style.top = full ? `${view.offsetTop}px` : "";
    frame.style.bottom = full ? "auto" : "";
  }

  function label(): void {
    const text = words[open ? 1 : 0] ?? "";
    ui.button.setAttribute("aria-label", count ? `${text}. ${words[4]}: ${count}` : text);
    ui.button.setAttribute("aria-expanded", `${open}`);
    ui.previewClose.setAttribute("aria-label", words[3] ?? "");
    ui.badge.hidden = !count || open;
    ui.badge.textContent = count > 99 ? "99+" : `${count}`;
  }

  function emit(name: string, detail: unknown): void {
    for (let i = 0; i < listeners.length; i++) {
      if (listeners[i]?.[0] === name) listeners[i]?.[1](detail);
    }
  }

  function unread(next: number, author: string, text: string): void {
    const more = next > count;
    count = next;
    ui.author.textContent = author;
    ui.words.textContent = text;
    ui.preview.hidden = open || !count || !(more || !ui.preview.hidden);
    label();
    emit("unread", count);
  }

  function hear(message: ToLoader): void {
    switch (message.kind) {
      case "ready":
        listening();
        break;
      case "look":
        wear(message.color, message.ink, message.position, message.locale);
        break;
      case "unread":
        unread(message.count, message.author, message.text);
        break;
      case "known":
        keep(flag, message.known ? "1" : "");
        break;
      case "close":
        show(false);
        break;
      case "event":
        emit(message.name, message.id);
        break;
    }
  }

  function listening(): void {
    ready = true;
    for (let i = 0; i < waiting.length; i++) tell(waiting[i] as ToPanel);
    waiting = [];
    layout();
  }

  function wear(color: string, ink: string, position: string, locale: string): void {
    ui.host.style.setProperty("--c", color);
    ui.host.style.setProperty("--i", ink);
    ui.box.className = (tag.dataset.position || position) === "left" ? "left" : "";
    words = wordsOf(tag.dataset.locale || locale);
    label();
  }

  function forget(): void {
    // Who has a conversation must be forgotten even when nobody opened the chat on this page.
    if (frame || kept(flag)) {
      load();
      tell({ otklik: 1, kind: "reset" });
    }
    keep(flag, "");
    unread(0, "", "");
  }

  function api(call: ArrayLike<unknown>): void {
    const first = call[1];
    switch (call[0]) {
      case "open":
        show(true);
        break;
      case "close":
        show(false);
        break;
      case "reset":
        forget();
        break;
      case "identify":
        load();
        tell({ otklik: 1, kind: "identify", jwt: `${first}` });
        break;
      case "on":
        listeners.push([`${first}`, call[2] as Listener]);
    }
  }

  if (tag.dataset.color) ui.host.style.setProperty("--c", tag.dataset.color);
  if (tag.dataset.position === "left") ui.box.className = "left";
  ui.host.className = theme;
  address = location.href;
  label();
  ui.button.onpointerenter = ui.button.onpointerdown = ui.button.onfocus = load;
  ui.button.onclick = () => show(!open);
  ui.previewOpen.onclick = () => show(true);
  ui.previewClose.onclick = () => {
    ui.preview.hidden = true;
    ui.button.focus();
  };
  phone.addEventListener("change", layout);
  window.visualViewport?.addEventListener("resize", fit);
  window.visualViewport?.addEventListener("scroll", fit);
  window.addEventListener("popstate", watchPage);
  window.addEventListener("message", (event) => {
    const message = event.data as ToLoader | null;
    if (event.source !== frame?.contentWindow || event.origin !== origin) return;
    if (message?.otklik === 1) hear(message);
  });
  // Who has a conversation here sees the answer without opening anything.
  if (kept(flag)) setTimeout(load, 600);

  const early = site.otklik?.q ?? [];
  const door: Api = (...call) => api(call);
  door.on = 1;
  site.otklik = door;
  for (let i = 0; i < early.length; i++) api(early[i] as ArrayLike<unknown>);
}

function page(): Page {
  return { url: location.href, title: document.title, referrer: document.referrer };
}

/** Where the visit began. Kept between pages only where the site asks for it (`data-landing`). */
function landingPage(flag: string, remember: boolean): Page {
  const here = page();
  if (!remember) return here;
  try {
    const name = `${flag}:landing`;
    const [url, title, referrer] = (sessionStorage.getItem(name) ?? "").split("\n");
    if (url) return { url, title: title ?? "", referrer: referrer ?? "" };
    const line = [here.url, here.title.replaceAll("\n", " "), here.referrer].join("\n");
    sessionStorage.setItem(name, line);
  } catch {
    return here; // the site or the browser forbids storage: this page is all we know
  }
  return here;
}

function kept(name: string): string {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return ""; // storage is forbidden: a new visitor
  }
}

function keep(name: string, value: string): void {
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    return; // storage is forbidden: the badge waits for the next opening
  }
}
