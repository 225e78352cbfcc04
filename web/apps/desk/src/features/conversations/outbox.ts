/** Messages on their way to the server. They survive a reload and go out once: the server knows their `client_id`. */
import { ask, type Me, type MessageView, type NewMessage, Refused } from "@otklik/client";
import { useSyncExternalStore } from "react";
import { keys } from "../../shell/keys.ts";
import { queryClient } from "../../shell/live.ts";

export interface Outgoing {
  /** Whose words these are: the next operator at this computer must not say them. */
  by: string;
  conversationId: string;
  note: boolean;
  body: NewMessage;
  at: number;
  /** Names of attached files, for the bubble that stands in until the server answers. */
  files: string[];
  /** A sentence when the server refused it for good. */
  refused: string;
}

export interface Door {
  /** The id of the operator who is signed in. */
  who: () => string;
  post: (item: Outgoing) => Promise<MessageView>;
  accepted: (item: Outgoing, message: MessageView) => void;
  load: () => string | null;
  save: (text: string) => void;
}

const RETRY_MS = 3000;

export class Outbox {
  private items: readonly Outgoing[];
  /** What this tab ever held: the store may also keep what another tab waits to send. */
  private readonly own: Set<string>;
  private readonly busy = new Set<string>();
  /** Asked for while busy: what fails now is tried again at once, not after the wait. */
  private readonly asked = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly door: Door) {
    this.items = read(door.load());
    this.own = new Set(this.items.map((item) => item.body.client_id));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly all = (): readonly Outgoing[] => this.items;

  add(item: Outgoing): void {
    this.own.add(item.body.client_id);
    this.set([...this.items, item]);
    void this.flush();
  }

  /** Forget an item that the server refused. */
  discard(clientId: string): void {
    this.set(this.items.filter((item) => item.body.client_id !== clientId));
  }

  /** Try a refused item again. */
  again(clientId: string): void {
    this.set(
      this.items.map((item) =>
        item.body.client_id === clientId ? { ...item, refused: "" } : item,
      ),
    );
    void this.flush();
  }

  /** Send what waits: conversations side by side, each in its own order. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    const conversations = new Set(this.items.map((item) => item.conversationId));
    await Promise.all([...conversations].map((id) => this.flushOne(id)));
  }

  private async flushOne(conversationId: string): Promise<void> {
    if (this.busy.has(conversationId)) {
      this.asked.add(conversationId);
      return;
    }
    this.busy.add(conversationId);
    let item = this.next(conversationId);
    while (item && ((await this.send(item)) || this.asked.delete(conversationId))) {
      item = this.next(conversationId);
    }
    this.asked.delete(conversationId);
    this.busy.delete(conversationId);
  }

  private next(conversationId: string): Outgoing | undefined {
    return this.items.find(
      (item) =>
        item.conversationId === conversationId &&
        item.refused === "" &&
        item.by === this.door.who(),
    );
  }

  private async send(item: Outgoing): Promise<boolean> {
    try {
      const message = await this.door.post(item);
      this.door.accepted(item, message);
      this.discard(item.body.client_id);
      return true;
    } catch (error) {
      if (isFinal(error)) {
        const refused = error.message;
        this.set(this.items.map((one) => (one === item ? { ...one, refused } : one)));
        return true;
      }
      this.timer = setTimeout(() => void this.flush(), RETRY_MS);
      return false;
    }
  }

  private set(items: readonly Outgoing[]): void {
    this.items = items;
    const others = read(this.door.load()).filter((item) => !this.own.has(item.body.client_id));
    this.door.save(JSON.stringify([...others, ...items]));
    for (const listener of this.listeners) listener();
  }
}

function isFinal(error: unknown): error is Refused {
  if (!(error instanceof Refused)) return false;
  return error.status >= 400 && error.status < 500 && ![401, 408, 429].includes(error.status);
}

function read(text: string | null): Outgoing[] {
  if (text === null) return [];
  try {
    return JSON.parse(text) as Outgoing[];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [];
  }
}

const STORE = "otklik.outbox";

function post(item: Outgoing): Promise<MessageView> {
  const path = { conversation_id: item.conversationId };
  return item.note
    ? ask("POST", "/api/v1/conversations/{conversation_id}/notes", {
        path,
        body: { client_id: item.body.client_id, text: item.body.text ?? "" },
      })
    : ask("POST", "/api/v1/conversations/{conversation_id}/messages", { path, body: item.body });
}

let onAccepted: Door["accepted"] = () => undefined;

/** Be told of each message the server took. */
export function whenAccepted(hear: Door["accepted"]): void {
  onAccepted = hear;
}

function who(): string {
  return queryClient.getQueryData<Me | null>(keys.me)?.operator.id ?? "";
}

export const outbox = new Outbox({
  who,
  post,
  accepted: (item, message) => onAccepted(item, message),
  load: () => localStorage.getItem(STORE),
  save: (text) => localStorage.setItem(STORE, text),
});

/** What waits to be sent in a conversation. */
export function useOutgoing(conversationId: string): Outgoing[] {
  const items = useSyncExternalStore(outbox.subscribe, outbox.all);
  return items.filter((item) => item.conversationId === conversationId && item.by === who());
}
