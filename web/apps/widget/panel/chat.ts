/** Everything the panel does; the components only draw what it knows. */
import type { Page, ToLoader, ToPanel, Visit } from "../loader/bridge";
import { type Api, Refused } from "./api";
import { read, write } from "./keep";
import { connect, type Live } from "./live";
import { type FileToSend, outgoingOf } from "./outgoing";
import { EMPTY, keeper } from "./state";
import { apply, merge, unreadOf } from "./timeline";
import { visitorOf } from "./visitor";
import type { Change, Message, Send, Session } from "./wire";

export type Chat = ReturnType<typeof createChat>;

const TYPING_SHOWN_MS = 6000;
const TYPING_SAID_MS = 3000;
const NOWHERE: Page = { url: "", title: "", referrer: "" };

type TabWord = { kind: "accepted" | "outbox" | "seen" | "reset"; id?: string; seq?: number };

export function createChat(key: string, api: Api, tellLoader: (message: ToLoader) => void) {
  const name = `otklik:visitor:${key}`; // the loader keeps its own word beside it
  const tabs = new BroadcastChannel(name);
  const keep = keeper();
  const visitor = visitorOf(name, api);
  const outgoing = outgoingOf({
    name,
    api,
    keep,
    tabs,
    token: visitor.token,
    begin,
    accepted(id) {
      tellLoader({ otklik: 1, kind: "known", known: true });
      event("sent", id);
    },
  });
  let live: Live | null = null;
  let seq = 0;
  let visit: Visit = { page: NOWHERE, landing: NOWHERE };
  let typingEnds = 0;
  let saidTyping = 0;
  let told = false;

  const event = (what: string, id: string): void =>
    tellLoader({ otklik: 1, kind: "event", name: what, id });

  async function start(): Promise<void> {
    keep.set({ failed: false });
    try {
      keep.set({ settings: keep.get().settings ?? (await api.settings()) });
    } catch {
      keep.set({ failed: true }); // drawn with a button that tries again
      return;
    }
    await outgoing.refresh();
    // Nothing is asked of the server for a person who has only looked at the button.
    if (visitor.known() || keep.get().open) begin();
  }

  function begin(): void {
    if (!keep.get().settings) return;
    live ??= connect({
      async address() {
        const session = await enter();
        return { url: api.socket(session.ticket), since: seq };
      },
      changed,
      typing(author) {
        keep.set({ typing: author || " " });
        clearTimeout(typingEnds);
        typingEnds = setTimeout(
          () => keep.set({ typing: "" }),
          TYPING_SHOWN_MS,
        ) as unknown as number;
      },
      resync: restart,
      online(online) {
        keep.set({ online });
        if (online) void outgoing.flush();
      },
    });
  }

  function restart(): void {
    seq = 0;
    live?.stop();
    live = null;
    begin();
  }

  function changed(changes: Change[], upTo: number): void {
    seq = Math.max(seq, upTo);
    keep.set(apply(keep.get(), changes));
    outgoing.arrived();
    for (const change of changes) {
      if (change.kind !== "message.created" || change.message.from === "contact") continue;
      keep.set({ typing: "" });
      event("message", change.message.id);
    }
    look();
  }

  async function enter(): Promise<Session> {
    try {
      const session = await visitor.enter();
      welcome(session);
      return session;
    } catch (error) {
      const expired = error instanceof Refused && error.status === 401 && visitor.signed();
      keep.set({ online: false, expired });
      if (expired) event("identity", "expired"); // the site may answer with a fresh proof
      throw error;
    }
  }

  function welcome(session: Session): void {
    const { messages, more, readByOperator, seen } = keep.get();
    const fresh = seq === 0;
    if (fresh) seq = session.seq;
    keep.set({
      expired: false,
      settled: true,
      messages: merge(fresh ? [] : messages, session.messages),
      more: fresh ? session.more : more,
      readByOperator: Math.max(readByOperator, session.read_by_operator_seq),
      seen: Math.max(seen, session.read_by_contact_seq),
    });
    if (session.messages.length || visitor.signed())
      tellLoader({ otklik: 1, kind: "known", known: true });
    outgoing.arrived();
    look();
  }

  /** Tell the badge what is new, and the server when the person is looking at it. */
  function look(): void {
    const { messages, seen, open } = keep.get();
    let unread = unreadOf(messages, seen);
    const last = unread.at(-1);
    if (last && open && document.visibilityState === "visible") {
      keep.set({ seen: last.seq });
      live?.tell({ kind: "seen", seq: last.seq });
      tabs.postMessage({ kind: "seen", seq: last.seq });
      unread = [];
    }
    const shown = unread.at(-1);
    const text = shown ? shown.text.slice(0, 200) || shown.attachments[0]?.emoji || "…" : "";
    const author = shown?.author_name ?? "";
    tellLoader({ otklik: 1, kind: "unread", count: unread.length, author, text });
  }

  function send(parts: Omit<Send, "client_id">, files: FileToSend[] = []): Promise<void> {
    const { replyTo, messages } = keep.get();
    const full = { ...parts };
    if (replyTo) full.reply_to_id = replyTo.id;
    const first = !messages.some((message) => message.from === "contact");
    // Said once per visit: by a new person always, by a known one who came from a campaign.
    const tell = !told && (first || visit.landing.url.includes("utm_"));
    told = true;
    keep.set({ replyTo: null });
    return outgoing.send(full, files, tell ? visit : undefined);
  }

  tabs.onmessage = ({ data }: MessageEvent<TabWord>) => {
    if (data.kind === "accepted") outgoing.markAccepted(data.id ?? "");
    if (data.kind === "outbox" || data.kind === "accepted") void outgoing.refresh();
    if (data.kind === "reset") forget(false);
    if (data.kind !== "seen") return;
    keep.set({ seen: Math.max(keep.get().seen, data.seq ?? 0) });
    look();
  };

  /** Show nothing more of the person who was here. */
  function forget(everywhere: boolean): void {
    visitor.forget(everywhere);
    clean();
  }

  function clean(): void {
    live?.stop();
    live = null;
    seq = 0;
    const { settings, open, phone } = keep.get();
    keep.set({ ...EMPTY, settings, open, phone });
    look();
    if (open) begin();
  }

  async function reset(): Promise<void> {
    forget(true);
    write(`${name}:draft`, "");
    tellLoader({ otklik: 1, kind: "known", known: false });
    tabs.postMessage({ kind: "reset" });
    await outgoing.clear();
  }

  function identify(jwt: string): void {
    if (visitor.identify(jwt)) clean();
    begin();
    live?.nudge();
  }

  function hear(message: ToPanel): void {
    if (message.kind === "hello") ({ visit } = message);
    else if (message.kind === "identify") identify(message.jwt);
    else if (message.kind === "reset") void reset();
    else if (message.kind === "page") {
      visit = { ...visit, page: message.page };
      live?.tell({ ...message.page, kind: "page" });
    } else {
      keep.set({ open: message.open, phone: message.phone });
      if (message.open) begin();
      look();
    }
  }

  async function earlier(): Promise<void> {
    const { messages, more } = keep.get();
    const first = messages[0];
    if (!first || !more) return;
    const answer = await api.earlier(visitor.token(), first.seq, 50);
    keep.set({ messages: merge(keep.get().messages, answer.messages), more: answer.more });
  }

  /** Links to files live a quarter of an hour: ask for the message again, with fresh ones. */
  async function renew(message: Message): Promise<void> {
    const answer = await api.earlier(visitor.token(), message.seq + 1, 1);
    keep.set({ messages: merge(keep.get().messages, answer.messages) });
  }

  function typing(): void {
    const now = Date.now();
    if (now - saidTyping > TYPING_SAID_MS && live?.tell({ kind: "typing" })) saidTyping = now;
  }

  window.addEventListener("online", () => live?.nudge());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    live?.nudge();
    look();
  });

  return {
    ...keep,
    start,
    hear,
    send,
    typing,
    earlier,
    renew,
    again: outgoing.again,
    drop: outgoing.drop,
    close: () => tellLoader({ otklik: 1, kind: "close" }),
    reply: (message: Message | null) => keep.set({ replyTo: message }),
    address: api.at,
    draft: (text?: string) => {
      if (text !== undefined) write(`${name}:draft`, text);
      return read(`${name}:draft`);
    },
  };
}
