/** Every shortcut of the desk. Keys are physical, so they work in a Russian layout. */
import { useEffect, useEffectEvent } from "react";
import type { WordKey } from "./words.ts";

export interface Shortcut {
  code: string;
  /** Ctrl, or Cmd on a Mac. */
  mod?: boolean;
  shift?: boolean;
  /** Works while the cursor is in a field. */
  inField?: boolean;
  cap: string;
  word: WordKey;
  group: "keys.queue" | "keys.conversation" | "keys.reply" | "keys.everywhere";
}

export const KEYMAP = {
  next: { code: "KeyJ", cap: "J", word: "keys.next", group: "keys.queue" },
  previous: { code: "KeyK", cap: "K", word: "keys.previous", group: "keys.queue" },
  mine: { code: "Digit1", cap: "1", word: "queue.mine", group: "keys.queue" },
  unassigned: { code: "Digit2", cap: "2", word: "queue.unassigned", group: "keys.queue" },
  all: { code: "Digit3", cap: "3", word: "queue.all", group: "keys.queue" },
  resolved: { code: "Digit4", cap: "4", word: "queue.resolved", group: "keys.queue" },
  sort: { code: "KeyO", cap: "O", word: "keys.sort", group: "keys.queue" },
  reply: { code: "KeyR", cap: "R", word: "keys.reply.write", group: "keys.conversation" },
  note: { code: "KeyN", cap: "N", word: "keys.note", group: "keys.conversation" },
  assign: { code: "KeyA", cap: "A", word: "keys.assign", group: "keys.conversation" },
  take: { code: "KeyI", cap: "I", word: "keys.take", group: "keys.conversation" },
  resolve: { code: "KeyE", cap: "E", word: "keys.resolve", group: "keys.conversation" },
  labels: { code: "KeyT", cap: "T", word: "keys.labels", group: "keys.conversation" },
  pane: { code: "KeyP", cap: "P", word: "keys.pane", group: "keys.conversation" },
  last: { code: "KeyL", cap: "L", word: "keys.last", group: "keys.conversation" },
  bold: {
    code: "KeyB",
    mod: true,
    inField: true,
    cap: "B",
    word: "keys.bold",
    group: "keys.reply",
  },
  italic: {
    code: "KeyI",
    mod: true,
    inField: true,
    cap: "I",
    word: "keys.italic",
    group: "keys.reply",
  },
  search: { code: "Slash", cap: "/", word: "keys.search", group: "keys.everywhere" },
  palette: {
    code: "KeyK",
    mod: true,
    inField: true,
    cap: "K",
    word: "keys.palette",
    group: "keys.everywhere",
  },
  help: { code: "Slash", shift: true, cap: "?", word: "keys.help", group: "keys.everywhere" },
  settings: { code: "Comma", cap: ",", word: "nav.settings", group: "keys.everywhere" },
} as const satisfies Record<string, Shortcut>;

export type Command = keyof typeof KEYMAP;

/** Whether a key press is this shortcut. */
export function matches(event: KeyboardEvent, shortcut: Shortcut): boolean {
  return (
    event.code === shortcut.code &&
    (event.ctrlKey || event.metaKey) === (shortcut.mod ?? false) &&
    event.shiftKey === (shortcut.shift ?? false) &&
    !event.altKey
  );
}

/** Whether the press happens where people write or choose, so that letters are letters. */
export function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.matches("input, textarea, select, [role=dialog] *, [role=menu], [role=menu] *")
  );
}

/** Run something when the shortcut of a command is pressed. */
export function useCommand(command: Command, run: () => void, enabled = true): void {
  const fire = useEffectEvent(run);
  useEffect(() => {
    if (!enabled) return;
    const shortcut: Shortcut = KEYMAP[command];
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || !matches(event, shortcut)) return;
      if (!shortcut.inField && isWriting(event.target)) return;
      event.preventDefault();
      fire();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [command, enabled]);
}

/** How a shortcut is written: «Ctrl K», «E». */
export function caps(command: Command): string[] {
  const shortcut: Shortcut = KEYMAP[command];
  const mac = navigator.platform.startsWith("Mac");
  return [...(shortcut.mod ? [mac ? "⌘" : "Ctrl"] : []), shortcut.cap];
}
