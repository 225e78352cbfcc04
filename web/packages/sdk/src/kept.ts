/** What outlives the app's process: who the person is, and what they wrote that is not sent. */
import type { VisitorSend } from "./protocol.gen.ts";

/** `localStorage` fits, and so does React Native's `AsyncStorage`. */
export interface Storage {
  getItem(key: string): string | null | Promise<string | null>;
  setItem(key: string, value: string): unknown;
  removeItem(key: string): unknown;
}

export interface Kept {
  token: string;
  /** The `sub` the business's server signed; empty: nobody has signed in. */
  who: string;
  queue: VisitorSend[];
}

export interface Keeper {
  read(): Promise<Kept>;
  write(kept: Kept): Promise<void>;
  clear(): Promise<void>;
}

export function keeper(name: string, given?: Storage): Keeper {
  const storage = given ?? ofBrowser() ?? inMemory();
  // One write after another: a slower earlier one must not end last.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => T | Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  return {
    read: () => inTurn(async () => parsed(await storage.getItem(name))),
    write: (kept) => {
      const text = JSON.stringify(kept);
      return inTurn(async () => void (await storage.setItem(name, text)));
    },
    clear: () => inTurn(async () => void (await storage.removeItem(name))),
  };
}

function parsed(text: string | null): Kept {
  const nothing: Kept = { token: "", who: "", queue: [] };
  try {
    return { ...nothing, ...(JSON.parse(text ?? "{}") as Partial<Kept>) };
  } catch {
    return nothing; // something else was written there: begin anew
  }
}

function ofBrowser(): Storage | undefined {
  try {
    return (globalThis as { localStorage?: Storage }).localStorage;
  } catch {
    return undefined; // a browser that forbids storage throws at the mere name
  }
}

function inMemory(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  };
}
