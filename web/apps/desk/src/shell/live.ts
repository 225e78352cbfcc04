/** The socket wired to the cache: events are applied once, and a snapshot with a hole is fetched anew. */
import {
  ask,
  type ConversationView,
  type InboxView,
  type LabelView,
  type Me,
  type QueueCounts,
  type QueueRow,
} from "@otklik/client";
import type { DeskEvent, View } from "@otklik/wire";
import { type Query, QueryClient, type QueryKey } from "@tanstack/react-query";
import {
  type MessageCache,
  patchConversation,
  patchCounts,
  patchMessages,
  patchQueue,
  type QueueCache,
  type QueueFilter,
} from "./cache.ts";
import { keys } from "./keys.ts";

const JOURNAL_LENGTH = 2000;
const COUNTS_AFTER_MS = 300;

type Hearer = (events: readonly DeskEvent[]) => void;

/** Keeps the cache equal to what the server would answer now. */
export class Live {
  private readonly exactFrom = new Map<View, number>();
  private readonly mended = new Map<string, number>();
  private readonly hearers = new Set<Hearer>();
  private journal: DeskEvent[] = [];
  private countsTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly client: QueryClient) {
    client.getQueryCache().subscribe((change) => {
      const { type, query } = change;
      if (type !== "updated" || change.action.type !== "success" || change.action.manual) return;
      // An answer may be older than events that arrived while it was under way.
      this.apply(query, this.journal);
      this.mend(query);
    });
  }

  /** Be told of events after the cache took them. */
  onEvents(hearer: Hearer): () => void {
    this.hearers.add(hearer);
    return () => this.hearers.delete(hearer);
  }

  /** Take what the socket brought. */
  take(events: readonly DeskEvent[]): void {
    this.journal = [...this.journal, ...events].slice(-JOURNAL_LENGTH);
    this.count(events);
    for (const query of this.client.getQueryCache().getAll()) this.apply(query, events);
    for (const event of events) this.takeList(event);
    if (events.some(isRegrouping)) this.regrouped();
    for (const hearer of this.hearers) hearer(events);
  }

  /** Show an expected change now; it is not journaled, so the server's word replaces it. */
  preview(event: DeskEvent): void {
    this.count([event]);
    for (const query of this.client.getQueryCache().getAll()) this.apply(query, [event]);
  }

  /** Views are exact after `seq`: fetch anew whatever was taken before it. */
  followed(views: readonly View[], seq: number): void {
    for (const view of views) this.exactFrom.set(view, seq);
    for (const query of this.client.getQueryCache().getAll()) this.mend(query);
  }

  private mend(query: Query): void {
    const view = viewOf(query.queryKey);
    const from = view === undefined ? undefined : this.exactFrom.get(view);
    const seq = snapshotSeq(query);
    if (from === undefined || seq === undefined || seq >= from) return;
    // Once per start: a server that answers with old numbers must not be asked in a circle.
    if (this.mended.get(query.queryHash) === from) return;
    this.mended.set(query.queryHash, from);
    void this.client.invalidateQueries({ queryKey: query.queryKey, exact: true });
  }

  private apply(query: Query, events: readonly DeskEvent[]): void {
    if (query.state.data === undefined || events.length === 0) return;
    const [kind, id] = query.queryKey;
    const set = <T>(patch: (old: T) => T) =>
      this.client.setQueryData<T>(query.queryKey, (old) => (old === undefined ? old : patch(old)));
    if (kind === "queue") {
      set<QueueCache>((old) => patchQueue(old, id as QueueFilter, this.operatorId(), events));
    } else if (kind === "conversation") {
      set<ConversationView>((old) => patchConversation(old, events));
    } else if (kind === "messages") {
      set<MessageCache>((old) => patchMessages(old, contactOf(old), events));
    }
  }

  private takeList(event: DeskEvent): void {
    if (event.kind === "label.changed") {
      void this.client.invalidateQueries({ queryKey: keys.labels });
      this.client.setQueryData<LabelView[]>(keys.labels, (old) => replaced(old, event.body));
    } else if (event.kind === "contact.changed") {
      void this.client.invalidateQueries({ queryKey: keys.proposals(event.body.id) });
    } else if (event.kind === "inbox.changed") {
      this.client.setQueryData<InboxView[]>(keys.inboxes, (old) => withInbox(old, event.body));
      void this.client.invalidateQueries({ queryKey: keys.inbox(event.body.id) });
    }
  }

  /** Whose messages and conversations they are has changed: what is cached tells it wrong. */
  private regrouped(): void {
    for (const queryKey of [["conversation"], ["messages"], ["queue"], ["proposals"]]) {
      void this.client.invalidateQueries({ queryKey });
    }
    this.recount();
  }

  private count(events: readonly DeskEvent[]): void {
    for (const event of events) {
      if (event.kind !== "conversation.changed") continue;
      const before = this.row(event.body.id);
      if (before) {
        this.client.setQueryData<QueueCounts>(keys.counts, (old) =>
          old ? patchCounts(old, before, event.body, this.operatorId()) : old,
        );
      } else {
        this.recount();
      }
    }
  }

  private recount(): void {
    this.countsTimer ??= setTimeout(() => {
      this.countsTimer = undefined;
      void this.client.invalidateQueries({ queryKey: keys.counts });
    }, COUNTS_AFTER_MS);
  }

  /** The row as it is cached now, if it is. */
  row(id: string): QueueRow | undefined {
    const opened = this.client.getQueryData<ConversationView>(keys.conversation(id));
    for (const [, cache] of this.client.getQueriesData<QueueCache>({ queryKey: ["queue"] })) {
      const row = cache?.pages.flatMap((page) => page.items).find((one) => one.id === id);
      if (row) return row;
    }
    return opened?.row;
  }

  private operatorId(): string {
    return this.client.getQueryData<Me | null>(keys.me)?.operator.id ?? "";
  }
}

/** Whether two contacts became one, or one became two. */
export function isRegrouping(event: DeskEvent): boolean {
  return event.kind === "contact.merged" || event.kind === "contact.split";
}

function viewOf([kind, id]: QueryKey): View | undefined {
  if (kind === "queue") return "queue";
  return kind === "conversation" || kind === "messages" ? `conversation:${String(id)}` : undefined;
}

function snapshotSeq(query: Query): number | undefined {
  const data = query.state.data as { seq?: number; pages?: { seq: number }[] } | undefined;
  return data?.pages ? Math.min(...data.pages.map((page) => page.seq)) : data?.seq;
}

function contactOf(cache: MessageCache): string {
  return cache.pages.find((page) => page.items.length > 0)?.items[0]?.contact_id ?? "";
}

function replaced<T extends { id: string }>(list: T[] | undefined, item: T): T[] | undefined {
  if (!list) return list;
  return list.some((one) => one.id === item.id)
    ? list.map((one) => (one.id === item.id ? item : one))
    : [...list, item];
}

/** An event does not tell where the platform delivers to, and is the last word on a removed inbox. */
function withInbox(list: InboxView[] | undefined, inbox: InboxView): InboxView[] | undefined {
  if (inbox.state === "removed") return list?.filter((one) => one.id !== inbox.id);
  const known = list?.find((one) => one.id === inbox.id);
  return replaced(list, { ...inbox, address: inbox.address || (known?.address ?? "") });
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, gcTime: 600_000, retry: 2, refetchOnWindowFocus: false },
  },
});

export const live = new Live(queryClient);

/** A single-use ticket for the socket. */
export async function liveTicket(): Promise<string> {
  const { ticket } = await ask("POST", "/api/v1/live/ticket");
  return ticket;
}
