/** The button, the preview bubble and the frame, drawn in a closed shadow root. */
import { STYLE } from "./style";

export interface Launcher {
  host: HTMLElement;
  box: HTMLElement;
  button: HTMLButtonElement;
  badge: HTMLElement;
  preview: HTMLElement;
  previewOpen: HTMLButtonElement;
  previewClose: HTMLButtonElement;
  author: HTMLElement;
  words: HTMLElement;
  icon: SVGElement;
}

const CHAT = "M4 18.5V6a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H8l-4 4z";
const DOWN = "m6 9.5 6 6 6-6";
const CROSS = "m6 6 12 12M18 6 6 18";

export function make<K extends keyof HTMLElementTagNameMap>(
  parent: Node,
  tag: K,
  className = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  parent.appendChild(element);
  return element;
}

function drawing(parent: Node): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "path"));
  parent.appendChild(svg);
  return svg;
}

export function draw(svg: SVGElement, open: boolean): void {
  (svg.firstChild as SVGElement).setAttribute("d", open ? DOWN : CHAT);
}

/** Build everything outside <body>, so that sites which swap their body keep the chat. */
export function launch(): Launcher {
  const host = make(document.documentElement, "div");
  const root = host.attachShadow({ mode: "closed" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  const box = make(root, "div");
  const preview = make(box, "div", "p");
  preview.hidden = true;
  preview.setAttribute("role", "status");
  const previewOpen = make(preview, "button");
  const author = make(previewOpen, "b");
  const words = make(previewOpen, "span");
  const previewClose = make(preview, "button", "x");
  (drawing(previewClose).firstChild as SVGElement).setAttribute("d", CROSS);
  const button = make(box, "button", "l");
  button.setAttribute("aria-haspopup", "dialog");
  const icon = drawing(button);
  draw(icon, false);
  const badge = make(button, "span", "n");
  badge.hidden = true;
  return { host, box, button, badge, preview, previewOpen, previewClose, author, words, icon };
}
