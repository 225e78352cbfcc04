/** The way out: what is written goes to the outbox first and leaves it when the server has it. */
import type { Visit } from "../loader/bridge";
import { type Api, LATER_MS } from "./api";
import {
  alone,
  drain,
  newClientId,
  type Outcome,
  openShelf,
  type Shelf,
  type Waiting,
} from "./outbox";
import type { Keeper } from "./state";
import type { Send } from "./wire";

export interface FileToSend {
  name: string;
  mime: string;
  blob: Blob;
}

interface Around {
  name: string;
  api: Api;
  keep: Keeper;
  tabs: BroadcastChannel;
  token(): string;
  /** Ask for a session: there is something to send and nobody to send it as. */
  begin(): void;
  accepted(id: string): void;
}

export interface Outgoing {
  send(parts: Omit<Send, "client_id">, files: FileToSend[], visit?: Visit): Promise<void>;
  flush(): Promise<void>;
  refresh(): Promise<void>;
  again(item: Waiting): Promise<void>;
  drop(item: Waiting): Promise<void>;
  clear(): Promise<void>;
  /** Stop showing what has come back as a message. */
  arrived(): void;
  markAccepted(id: string): void;
}

export function outgoingOf(around: Around): Outgoing {
  const { name, api, keep, tabs } = around;
  let opened: Promise<Shelf> | null = null;
  let wake = 0;
  let lastAt = 0;

  const shelf = (): Promise<Shelf> => {
    opened ??= openShelf(name);
    return opened;
  };

  async function refresh(): Promise<void> {
    const items = await (await shelf()).all();
    const { waiting, accepted, messages } = keep.get();
    const ids = new Set(items.map((item) => item.client_id));
    const here = new Set(messages.map((message) => message.client_id));
    const kept = waiting.filter((item) => accepted.has(item.client_id) && !ids.has(item.client_id));
    keep.set({ waiting: [...kept, ...items].filter((item) => !here.has(item.client_id)) });
  }

  /** One tab sends, the others watch. */
  async function flush(): Promise<void> {
    clearTimeout(wake);
    const store = await shelf();
    const pause = await alone(`${name}:send`, () => drain(store, hand, told));
    await refresh();
    if (pause) wake = setTimeout(flush, pause) as unknown as number;
  }

  async function hand(item: Waiting): Promise<Outcome> {
    const later: Outcome = { kind: "later", after_ms: LATER_MS };
    if (!around.token()) {
      around.begin();
      return later;
    }
    try {
      const files = item.files.length ? await upload(item) : [];
      if ("kind" in files) return files;
      const send = files.length ? { ...item.send, file_ids: files } : { ...item.send };
      if (item.visit) send.touch = (await import("./touch")).touchOf(item.visit);
      return await api.post(around.token(), send);
    } catch {
      return later; // a late part of the panel could not be loaded: no network
    }
  }

  async function upload(item: Waiting): Promise<string[] | Outcome> {
    const { upload } = await import("./upload");
    for (const [index, file] of item.files.entries()) {
      const { blob, file_id } = file;
      if (file_id || !blob) continue;
      const answer = await upload(api, around.token(), { ...file, blob }, (share) =>
        progress(item.client_id, (index + share) / item.files.length),
      );
      if (!("file_id" in answer)) return answer;
      file.file_id = answer.file_id;
      await (await shelf()).put(item); // what has gone up does not go up again after a reload
    }
    return item.files.map((file) => file.file_id).filter(Boolean);
  }

  function progress(id: string, share: number): void {
    keep.set({ progress: new Map(keep.get().progress).set(id, share) });
  }

  function told(item: Waiting, outcome: Outcome): void {
    if (outcome.kind === "later") return;
    const accepted = outcome.kind === "accepted";
    if (accepted) {
      markAccepted(item.client_id);
      around.accepted(item.client_id);
    }
    void refresh();
    tabs.postMessage({ kind: accepted ? "accepted" : "outbox", id: item.client_id });
  }

  function markAccepted(id: string): void {
    keep.set({ accepted: new Set(keep.get().accepted).add(id) });
  }

  async function change(work: (shelf: Shelf) => Promise<void>): Promise<void> {
    await work(await shelf());
    await refresh();
    tabs.postMessage({ kind: "outbox" });
  }

  return {
    flush,
    refresh,
    markAccepted,
    async send(parts, files, visit) {
      const client_id = newClientId();
      lastAt = Math.max(Date.now(), lastAt + 1); // two in one millisecond keep their order
      const item: Waiting = {
        client_id,
        at: lastAt,
        send: { client_id, ...parts },
        files: files.map((file) => ({ ...file, size: file.blob.size, file_id: "" })),
        refused: "",
        ...(visit && { visit }),
      };
      keep.set({ waiting: [...keep.get().waiting, item] });
      await change((store) => store.put(item));
      await flush();
    },
    async again(item) {
      await change((store) => store.put({ ...item, refused: "" }));
      await flush();
    },
    drop: (item) => change((store) => store.remove(item.client_id)),
    clear: () => change((store) => store.clear()),
    arrived() {
      const { messages, waiting } = keep.get();
      const here = new Set(messages.map((message) => message.client_id));
      const left = waiting.filter((item) => !here.has(item.client_id));
      if (left.length !== waiting.length) keep.set({ waiting: left });
    },
  };
}
