/** Keys pressed after a shortcut and before the focus of what it opens: held, then given to it. */
import { flushSync } from "react-dom";
import type { Command } from "./keymap.ts";

const NAMED = new Set(["Enter", "Escape", "ArrowDown", "ArrowUp", "Backspace"]);
const PATIENCE_MS = 3000;

let letGo: () => void = () => undefined;

/**
 * Hold what is typed until the part marked `data-opened-by` with the command has the focus.
 *
 * A hurried operator types on while a menu is still being drawn: without this the first letters
 * would be lost, or act as shortcuts. A click or three seconds of nothing end the wait.
 */
export function holdKeysFor(command: Command): void {
  letGo();
  const part = `[data-opened-by=${command}]`;
  const held: KeyboardEvent[] = [];
  const waiting = new AbortController();
  const timer = setTimeout(() => letGo(), PATIENCE_MS);
  letGo = () => {
    clearTimeout(timer);
    waiting.abort();
  };
  const hold = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key.length > 1 && !NAMED.has(event.key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.key === "Backspace") held.pop();
    else if (!event.repeat) held.push(event);
  };
  const arrive = ({ target }: FocusEvent) => {
    if (!(target instanceof Element && target.closest(part))) return;
    // Not at once: the focus may come in the middle of React's own work.
    setTimeout(() => {
      if (waiting.signal.aborted) return;
      letGo();
      for (const event of held) flushSync(() => press(event));
    });
  };
  const { signal } = waiting;
  addEventListener("keydown", hold, { capture: true, signal });
  addEventListener("focusin", arrive, { signal });
  addEventListener("pointerdown", letGo, { capture: true, signal });
  document.querySelector<HTMLElement>(part)?.focus(); // it may be open already
}

/** Press a held key again, now where the focus is. */
function press({ key, code, shiftKey }: KeyboardEvent): void {
  const here = document.activeElement;
  if (here instanceof HTMLInputElement && key.length === 1) {
    document.execCommand("insertText", false, key); // it fires `input`, which React hears
    return;
  }
  const again = { key, code, shiftKey, bubbles: true, cancelable: true };
  const free = here?.dispatchEvent(new KeyboardEvent("keydown", again));
  if (free && key === "Enter" && here instanceof HTMLButtonElement) here.click();
}
