/** Starts the panel: pins the page around it, reads the settings, draws. */
import { render } from "preact";
import { isToPanel, type ToLoader, type ToPanel } from "../loader/bridge";
import { App } from "./App";
import { apiAt } from "./api";
import { surround } from "./around";
import { type Chat, createChat } from "./chat";
import { schemeOf } from "./color";
import { localeOf, wordsOf } from "./strings";
import type { Settings } from "./wire";
import "./panel.css";

const [, prefix = "", key = ""] = /^(.*)\/widget\/frame\/([^/]+)/.exec(location.pathname) ?? [];
const framed = window.parent !== window;
const html = document.documentElement;

let site = "";
let asked = "";
let chat: Chat | undefined;

const hear = (message: ToPanel): void => chat?.hear(message);

function tellLoader(message: ToLoader): void {
  if (framed && site) window.parent.postMessage(message, site);
}

async function begin(locale: string): Promise<void> {
  const language = localeOf(locale);
  html.lang = language;
  const root = location.origin + prefix;
  const made = createChat(key, apiAt(`${root}/widget/v1/${key}`, root, language), tellLoader);
  chat = made;
  const words = wordsOf(language);
  void made.start();
  surround({ chat: made, words: await words, locale: language });
  let painted = "";
  const draw = (): void => {
    const { settings } = made.get();
    if (settings && painted !== settings.color) {
      painted = settings.color;
      paint(settings);
    }
    render(<App />, document.body);
  };
  made.watch(draw);
  draw();
}

/** Wear the owner's colour, and let the button on the site wear it too. */
function paint({ color, position, locale }: Settings): void {
  const scheme = schemeOf(color);
  for (const [name, value] of Object.entries(scheme)) html.style.setProperty(`--${name}`, value);
  const { brand, ink } = scheme;
  tellLoader({ otklik: 1, kind: "look", color: brand, ink, position, locale: asked || locale });
}

if (framed) {
  window.addEventListener("message", (event) => {
    // The first word pins the page's origin; which sites may frame us the server has decided.
    if (event.source !== window.parent || (site && event.origin !== site)) return;
    if (!isToPanel(event.data)) return;
    if (event.data.kind === "hello" && !chat) {
      site = event.origin;
      asked = event.data.locale;
      if (event.data.theme) html.dataset.theme = event.data.theme;
      void begin(asked);
    }
    hear(event.data);
  });
  // Nothing secret: it only tells the loader that this side listens.
  window.parent.postMessage({ otklik: 1, kind: "ready" } satisfies ToLoader, "*");
} else {
  // Opened by its own address: the chat is the whole page.
  html.classList.add("alone");
  void begin(new URLSearchParams(location.search).get("locale") ?? "");
  hear({ otklik: 1, kind: "shown", open: true, phone: false });
}
