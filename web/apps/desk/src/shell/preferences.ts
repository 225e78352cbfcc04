/** What this browser remembers of how its operator likes things. */
import { useSyncExternalStore } from "react";

interface Preferences {
  locale: "ru" | "en";
  sendKey: "enter" | "ctrl";
  queueWidth: number;
  paneWidth: number;
  paneOpen: boolean;
  navOpen: boolean;
}

type Name = keyof Preferences;

const STORE = "otklik.desk";
const listeners = new Set<() => void>();

function defaults(): Preferences {
  return {
    locale: navigator.language.startsWith("ru") ? "ru" : "en",
    sendKey: "enter",
    queueWidth: 360,
    paneWidth: 320,
    paneOpen: true,
    navOpen: true,
  };
}

function load(): Preferences {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORE) ?? "{}");
    return { ...defaults(), ...(kept as Partial<Preferences>) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return defaults();
  }
}

let current = load();

/** Read a preference outside of a component. */
export function preference<N extends Name>(name: N): Preferences[N] {
  return current[name];
}

/** Remember a preference. */
export function prefer<N extends Name>(name: N, value: Preferences[N]): void {
  if (current[name] === value) return;
  current = { ...current, [name]: value };
  localStorage.setItem(STORE, JSON.stringify(current));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Read a preference and follow its changes. */
export function usePreference<N extends Name>(name: N): Preferences[N] {
  return useSyncExternalStore(subscribe, () => current[name]);
}
