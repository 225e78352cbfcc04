/** What was written and is not accepted yet: kept on the device, sent in order, each once. */
import type { Visit } from "../loader/bridge";
import type { Send } from "./wire";

export interface WaitingFile {
  name: string;
  mime: string;
  size: number;
  blob: Blob | null;
  file_id: string;
}

export interface Waiting {
  client_id: string;
  at: number;
  send: Send;
  files: WaitingFile[];
  /** Why the server will not take it; a person retries or removes it. */
  refused: string;
  /** Where the person was and came from, to be told with it. */
  visit?: Visit;
}

/** Where the outbox is kept; shared by all tabs of one site. */
export interface Shelf {
  all(): Promise<Waiting[]>;
  put(item: Waiting): Promise<void>;
  remove(client_id: string): Promise<void>;
  clear(): Promise<void>;
}

export type Outcome =
  | { kind: "accepted" }
  | { kind: "refused"; sentence: string }
  | { kind: "later"; after_ms: number };

export function memoryShelf(): Shelf {
  const items = new Map<string, Waiting>();
  return {
    all: async () => inOrder([...items.values()]),
    put: async (item) => void items.set(item.client_id, item),
    remove: async (id) => void items.delete(id),
    clear: async () => items.clear(),
  };
}

/** A shelf that survives reloads; where the browser forbids storage, one that does not. */
export async function openShelf(name: string): Promise<Shelf> {
  try {
    return databaseShelf(await openDatabase(name));
  } catch {
    return memoryShelf(); // private mode or blocked storage: the tab's life is all there is
  }
}

const STORE = "outbox";

function openDatabase(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "client_id" });
  return done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function databaseShelf(database: IDBDatabase): Shelf {
  const store = (mode: IDBTransactionMode): IDBObjectStore =>
    database.transaction(STORE, mode).objectStore(STORE);
  return {
    all: async () => inOrder(await done<Waiting[]>(store("readonly").getAll())),
    put: async (item) => void (await done(store("readwrite").put(item))),
    remove: async (id) => void (await done(store("readwrite").delete(id))),
    clear: async () => void (await done(store("readwrite").clear())),
  };
}

function inOrder(items: Waiting[]): Waiting[] {
  return items.sort((a, b) => a.at - b.at || (a.client_id < b.client_id ? -1 : 1));
}

/**
 * Hand over everything that waits, oldest first. Stops at the first that must wait longer and
 * gives the pause in milliseconds; 0 when nothing is left to do.
 */
export async function drain(
  shelf: Shelf,
  post: (item: Waiting) => Promise<Outcome>,
  told: (item: Waiting, outcome: Outcome) => void,
): Promise<number> {
  for (;;) {
    const item = (await shelf.all()).find((each) => !each.refused);
    if (!item) return 0;
    const outcome = await post(item);
    if (outcome.kind === "accepted") await shelf.remove(item.client_id);
    else if (outcome.kind === "refused")
      await shelf.put({ ...item, refused: outcome.sentence || "?" });
    told(item, outcome);
    if (outcome.kind === "later") return Math.max(1, outcome.after_ms);
  }
}

/** Only one tab at a time; where the browser has no locks, the server drops the repetition. */
export function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}

export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
