/** What was written and is not taken yet: kept, sent in order, each once. */
import type { VisitorSend } from "./protocol.gen.ts";
import { Refused } from "./server.ts";

const LATER_MS = 4000;

export interface Waiting {
  send: VisitorSend;
  /** Put the file on the server first; gone when that is done. */
  upload?: () => Promise<string>;
}

export interface Queue {
  all(): readonly Waiting[];
  add(item: Waiting): void;
  /** Send what waits; harmless while it is being sent. */
  drain(): void;
  /** Let go of some of what waits. */
  drop(items: ReadonlySet<Waiting>): void;
  clear(): void;
}

export interface Post {
  post(send: VisitorSend): Promise<unknown>;
  kept(queue: VisitorSend[]): void;
  taken(client_id: string): void;
  refused(client_id: string, why: Refused): void;
  /** The session does not hold: it has to be opened anew, which drains again. */
  unknown(): void;
}

export function queueOf(first: VisitorSend[], hooks: Post): Queue {
  let waiting: Waiting[] = first.map((send) => ({ send }));
  let busy = false;
  let retry: ReturnType<typeof setTimeout> | undefined;

  // A file that is not uploaded lives in the app's memory only: a text storage cannot keep it.
  const keep = (): void => hooks.kept(waiting.filter((one) => !one.upload).map((one) => one.send));

  async function hand(item: Waiting): Promise<void> {
    if (item.upload) {
      item.send.file_ids = [await item.upload()];
      delete item.upload;
      keep();
    }
    await hooks.post(item.send);
  }

  function remove(item: Waiting): boolean {
    const was = waiting.length;
    waiting = waiting.filter((one) => one !== item);
    if (waiting.length === was) return false;
    keep();
    return true;
  }

  /** Tell whether the next one may go at once. */
  async function next(item: Waiting): Promise<boolean> {
    try {
      await hand(item);
    } catch (error) {
      return refused(
        item,
        error instanceof Refused ? error : new Refused(400, "unusable", `${error}`, 0),
      );
    }
    if (remove(item)) hooks.taken(item.send.client_id);
    return true;
  }

  function refused(item: Waiting, why: Refused): boolean {
    if (why.status === 401) hooks.unknown();
    else if (why.passes) retry = setTimeout(drain, why.retryAfterMs || LATER_MS);
    else {
      if (remove(item)) hooks.refused(item.send.client_id, why);
      return true;
    }
    return false;
  }

  async function run(): Promise<void> {
    busy = true;
    let item = waiting[0];
    while (item && (await next(item))) item = waiting[0];
    busy = false; // at once after the last look: nothing can be added in between
  }

  function drain(): void {
    clearTimeout(retry);
    if (!busy) void run();
  }

  return {
    all: () => waiting,
    add(item) {
      waiting.push(item);
      keep();
      drain();
    },
    drain,
    drop(items) {
      waiting = waiting.filter((one) => !items.has(one));
      keep();
    },
    clear() {
      clearTimeout(retry);
      waiting = [];
    },
  };
}
