/** Unsent words, kept per conversation in this browser. */
import { useSyncExternalStore } from "react";

export interface Draft {
  text: string;
  note: boolean;
}

const STORE = "otklik.drafts";
const listeners = new Set<() => void>();
let drafts = load();

function load(): Record<string, Draft> {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "{}") as Record<string, Draft>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {};
  }
}

/** The draft of a conversation, if there is one. */
export function draftOf(conversationId: string): Draft | undefined {
  return drafts[conversationId];
}

/** Keep a draft; an empty one is forgotten. */
export function keepDraft(conversationId: string, draft: Draft): void {
  // Another tab may have written meanwhile.
  const { [conversationId]: _old, ...others } = load();
  drafts = draft.text.trim() === "" ? others : { ...others, [conversationId]: draft };
  localStorage.setItem(STORE, JSON.stringify(drafts));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Follow the draft of a conversation. */
export function useDraft(conversationId: string): Draft | undefined {
  return useSyncExternalStore(subscribe, () => drafts[conversationId]);
}

/** Forget every draft: its author signed out. */
export function forgetDrafts(): void {
  drafts = {};
  localStorage.removeItem(STORE);
}

addEventListener("storage", (event) => {
  if (event.key !== STORE) return;
  drafts = load();
  for (const listener of listeners) listener();
});
