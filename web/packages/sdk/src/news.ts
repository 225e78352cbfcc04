/** What an app can listen to. */
import type { VisitorMessage } from "./protocol.gen.ts";

export interface News {
  /** The conversation so far: at the start, and anew when another person is in. */
  history: readonly VisitorMessage[];
  /** Somebody wrote, the person themselves included; once for each message. */
  message: VisitorMessage;
  /** A known message is another now: edited, deleted, delivered, its buttons gone. */
  changed: VisitorMessage;
  /** An operator with this name is typing; show it for some seconds. */
  typing: string;
  /** Operators have read the person's messages up to this number. */
  read: number;
  /** The server took a message of this client id for good. */
  sent: string;
  /** It will not be taken, and the sentence says why; it is out of the queue. */
  refused: { client_id: string; code: string; sentence: string };
  /** The proof is missing or has expired: call `identify` with a fresh one. */
  identity: string;
  online: boolean;
}

export type Name = keyof News;

export interface Feed {
  on<N extends Name>(name: N, listener: (value: News[N]) => void): () => void;
  tell<N extends Name>(name: N, value: News[N]): void;
}

export function feed(): Feed {
  const listeners = new Map<Name, Set<(value: never) => void>>();
  return {
    on(name, listener) {
      const those = listeners.get(name) ?? new Set();
      listeners.set(name, those.add(listener));
      return () => void those.delete(listener);
    },
    tell(name, value) {
      for (const listener of listeners.get(name) ?? []) listener(value as never);
    },
  };
}
