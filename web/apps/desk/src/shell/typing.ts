/** Who is typing where, until they stop. */
import type { DeskEvent, TypingFrame } from "@otklik/wire";
import { useSyncExternalStore } from "react";

const LASTS_MS = 6000;

export interface Typing {
  name: string;
  text: string;
  colleague: boolean;
}

const now = new Map<string, Typing>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const listeners = new Set<() => void>();

function announce(): void {
  for (const listener of listeners) listener();
}

/** Somebody types: remember it for six seconds. */
export function takeTyping(frame: TypingFrame): void {
  const id = frame.conversation_id;
  now.set(id, { name: frame.name, text: frame.text ?? "", colleague: Boolean(frame.operator_id) });
  clearTimeout(timers.get(id));
  timers.set(
    id,
    setTimeout(() => stopTyping(id), LASTS_MS),
  );
  announce();
}

/** Whoever has just said something does not type it any more. */
export function heardWords(events: readonly DeskEvent[]): void {
  for (const event of events) {
    if (event.kind !== "message.created") continue;
    const typing = now.get(event.conversation_id);
    const { author_kind: author } = event.body;
    if (typing && author === (typing.colleague ? "operator" : "contact")) {
      stopTyping(event.conversation_id);
    }
  }
}

/** They sent it, or went away. */
export function stopTyping(conversationId: string): void {
  clearTimeout(timers.get(conversationId));
  if (now.delete(conversationId)) announce();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Who types in a conversation now. */
export function useTyping(conversationId: string): Typing | undefined {
  return useSyncExternalStore(subscribe, () => now.get(conversationId));
}
