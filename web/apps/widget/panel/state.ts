/** What the panel knows at one moment, and a place to keep it that tells when it changes. */
import type { Waiting } from "./outbox";
import type { Message, Settings } from "./wire";

export interface State {
  settings: Settings | null;
  /** The server could not be asked for the settings. */
  failed: boolean;
  /** The site's proof of who this is ran out. */
  expired: boolean;
  online: boolean;
  /** The history is here (it may be empty). */
  settled: boolean;
  open: boolean;
  phone: boolean;
  messages: Message[];
  more: boolean;
  waiting: Waiting[];
  accepted: ReadonlySet<string>;
  progress: ReadonlyMap<string, number>;
  readByOperator: number;
  seen: number;
  typing: string;
  replyTo: Message | null;
}

export const EMPTY: State = {
  settings: null,
  failed: false,
  expired: false,
  online: true,
  settled: false,
  open: false,
  phone: false,
  messages: [],
  more: false,
  waiting: [],
  accepted: new Set(),
  progress: new Map(),
  readByOperator: 0,
  seen: 0,
  typing: "",
  replyTo: null,
};

export interface Keeper {
  get(): State;
  set(change: Partial<State>): void;
  watch(listener: () => void): () => void;
}

export function keeper(): Keeper {
  let state = EMPTY;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set(change) {
      state = { ...state, ...change };
      for (const listener of listeners) listener();
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
