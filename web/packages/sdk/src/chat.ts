/** One conversation of one person, as an app uses it. */
import { type Entry, entry, type Identity } from "./entry.ts";
import { keeper, type Storage } from "./kept.ts";
import { type Line, openLine, type SocketMaker } from "./line.ts";
import { feed, type News } from "./news.ts";
import type { Button, Look, Page, Session, VisitorMessage, VisitorSend } from "./protocol.gen.ts";
import { type Queue, queueOf, type Waiting } from "./queue.ts";
import { Refused, serverAt } from "./server.ts";
import { timeline } from "./timeline.ts";

const TYPING_SAID_MS = 3000;
const PAGE = 50;
const MISSED_PAGE = 100;

export type Message = VisitorMessage;

export interface Options {
  /** The server's address, `https://chat.example.com`. */
  url: string;
  /** The inbox's public key. */
  key: string;
  /** Who is signed in, signed by your server: a proof, or a function that fetches a fresh one. */
  identity?: Identity;
  /** `ru` or `en`: the language of refusals. */
  locale?: string;
  /** Where to keep what is not sent; `localStorage` where there is one, else memory. */
  storage?: Storage;
  /** Where the platform has no `WebSocket` of its own. */
  WebSocket?: SocketMaker;
}

/** React Native describes a file by its place. */
export type FileLike = Blob | { uri: string; name: string; type: string };

export interface About {
  name?: string;
  text?: string;
  reply_to_id?: string;
}

export interface Chat {
  /** The messages known, in order. */
  readonly messages: readonly Message[];
  /** What was written and is not taken yet, in order. */
  readonly waiting: readonly VisitorSend[];
  /** Operators have read the person's messages up to this number. */
  readonly readByOperator: number;
  /** Listen; gives what ends it. */
  on<N extends keyof News>(name: N, listener: (value: News[N]) => void): () => void;
  /** Write; gives the client id the message will come back with. */
  send(what: string | Omit<VisitorSend, "client_id" | "file_ids">): string;
  sendFile(file: FileLike, about?: About): string;
  press(message: Message, button: Button): string;
  /** The person is typing; may be called at every key. */
  typing(): void;
  /** The person has seen everything there is. */
  seen(): void;
  /** Messages before the first known one. */
  earlier(): Promise<Page>;
  /** The message with fresh addresses of its files, which open for a quarter of an hour. */
  fresh(message: Message): Promise<Message>;
  /** The whole address of a file. */
  address(path: string): string;
  settings(): Promise<Look>;
  /** Somebody signed in. */
  identify(identity: Identity): void;
  /** They signed out: forget them, and what they wrote and did not send. */
  signOut(): void;
  /** Try now: the app is in front again. */
  nudge(): void;
  /** End; what waits is kept for the next start. */
  stop(): void;
}

export function connect(options: Options): Chat {
  const Socket = options.WebSocket ?? globalThis.WebSocket;
  if (!Socket) throw new Error("No WebSocket here: give one in the options.");
  const { locale = "" } = options;
  const server = serverAt(options.url, options.key, locale);
  const news = feed();
  const line = timeline(news);
  const who: Entry = entry(
    server,
    keeper(`otklik:app:${options.key}`, options.storage),
    locale,
    options.identity,
    (code) => news.tell("identity", code),
  );
  let queue: Queue | undefined;
  /** Written before the storage was read. */
  const early: Waiting[] = [];
  /** Written before the present identity was told: whose it is, the session will show. */
  let former: ReadonlySet<Waiting> = new Set();
  let live: Line | undefined;
  let seq = 0;
  let isIn = false;
  let hasMissed = false;
  let readByOperator = 0;
  let saidTyping = 0;
  let stopped = false;

  void who.load().then(() => {
    if (stopped) return;
    queue = queueOf(who.queue(), {
      post(send) {
        if (!isIn) throw new Refused(0, "not_in", "", 0);
        return server.post(who.token(), send);
      },
      kept: who.keep,
      taken: (client_id) => news.tell("sent", client_id),
      refused: (client_id, { code, sentence }) =>
        news.tell("refused", { client_id, code, sentence }),
      unknown() {
        isIn = false;
        live?.renew();
      },
    });
    former = new Set(queue.all());
    for (const item of early.splice(0)) queue.add(item);
    live = openLine(
      {
        address,
        changed(changes, upTo) {
          line.apply(changes);
          seq = upTo;
        },
        typing: (name) => news.tell("typing", name),
        resync() {
          hasMissed = true;
          live?.renew();
        },
        online: (online) => news.tell("online", online),
      },
      Socket,
    );
  });

  async function address(): Promise<{ url: string; since: number }> {
    const { session, isAnother } = await who.open();
    if (isAnother) {
      queue?.drop(former);
      clean();
    }
    if (seq === 0) begin(session);
    else if (hasMissed) await catchUp(session);
    hasMissed = false;
    isIn = true;
    queue?.drain();
    return { url: server.socket(session.ticket), since: seq };
  }

  function begin(session: Session): void {
    line.clear();
    line.take(session.messages, false);
    seq = session.seq;
    readByOperator = session.read_by_operator_seq;
    news.tell("history", line.all());
  }

  /** Too much was missed to be told one by one: read back to what is known. */
  async function catchUp(session: Session): Promise<void> {
    const known = line.all().at(-1)?.seq ?? 0;
    let { messages, more } = session;
    let first = messages[0];
    while (more && first && first.seq > known) {
      const page = await server.earlier(who.token(), first.seq, MISSED_PAGE);
      messages = [...page.messages, ...messages];
      more = page.more && page.messages.length > 0;
      first = messages[0];
    }
    line.take(messages, true);
    seq = session.seq;
  }

  function clean(): void {
    line.clear();
    seq = 0;
    readByOperator = 0;
  }

  function add(send: Omit<VisitorSend, "client_id">, upload?: () => Promise<string>): string {
    const client_id = newId();
    const item = { send: { ...send, client_id } };
    const waiting = upload ? { ...item, upload } : item;
    if (queue) queue.add(waiting);
    else early.push(waiting);
    return client_id;
  }

  function change(): void {
    isIn = false;
    seq = 0;
    live?.renew();
  }

  const nudge = (): void => live?.nudge();
  globalThis.addEventListener?.("online", nudge);
  news.on("read", (upTo) => {
    readByOperator = Math.max(readByOperator, upTo);
  });

  return {
    get messages() {
      return line.all();
    },
    get waiting() {
      return (queue?.all() ?? early).map((one) => one.send);
    },
    get readByOperator() {
      return readByOperator;
    },
    on: news.on,
    send: (what) => add(typeof what === "string" ? { text: what } : what),
    sendFile(file, { name, ...about } = {}) {
      return add({ ...about, kind: "file" }, async () => {
        if (!isIn) throw new Refused(0, "not_in", "", 0);
        const form = new FormData();
        // React Native's own form takes the description of a file in place of its bytes.
        if (file instanceof Blob) form.append("file", file, name ?? "file");
        else form.append("file", file as never);
        return (await server.upload(who.token(), form)).file_id;
      });
    },
    press: (message, { payload = "", label }) =>
      add({ kind: "press", press: { message_id: message.id, payload, label } }),
    typing() {
      const now = Date.now();
      if (now - saidTyping > TYPING_SAID_MS && live?.tell({ kind: "typing" })) saidTyping = now;
    },
    seen() {
      const last = line.all().findLast((message) => message.from !== "contact");
      if (last) live?.tell({ kind: "seen", seq: last.seq });
    },
    async earlier() {
      const page = await server.earlier(who.token(), line.all()[0]?.seq ?? 0, PAGE);
      line.take(page.messages, false);
      return page;
    },
    async fresh(message) {
      const page = await server.earlier(who.token(), message.seq + 1, 1);
      line.take(page.messages, true);
      return line.all().find((one) => one.id === message.id) ?? message;
    },
    address: (path) => (path.startsWith("/") ? server.origin + path : path),
    settings: server.settings,
    identify(identity) {
      former = new Set(queue?.all());
      who.identify(identity);
      change();
    },
    signOut() {
      who.forget();
      queue?.clear();
      clean();
      change();
    },
    nudge,
    stop() {
      stopped = true;
      globalThis.removeEventListener?.("online", nudge);
      live?.stop();
      queue?.clear();
    },
  };
}

/** An id nobody else of this conversation has; React Native has no `crypto` of its own. */
function newId(): string {
  const part = (): string => Math.random().toString(36).slice(2, 14);
  return `${Date.now().toString(36)}-${part()}${part()}`;
}
