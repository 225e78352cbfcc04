/** How events change what is cached. Pure: data in, data out; an event older than a page is ignored. */
import type {
  ConversationView,
  MessagePage,
  MessageView,
  QueueCounts,
  QueuePage,
  QueueRow,
} from "@otklik/client";
import type { DeskEvent } from "@otklik/wire";
import type { InfiniteData } from "@tanstack/react-query";

export type QueueView = "mine" | "unassigned" | "all" | "resolved";
export type QueueSort = "waiting" | "recent";

/** What part of the queue is shown; the URL holds it. */
export interface QueueFilter {
  view: QueueView;
  sort: QueueSort;
  label: string;
  channel: string;
}

export type QueueCache = InfiniteData<QueuePage, string | null>;
export type MessageCache = InfiniteData<MessagePage, number | null>;

const NEVER_WAITING = Number.MAX_SAFE_INTEGER;

/** Whether a row belongs to a part of the queue. */
export function belongs(row: QueueRow, filter: QueueFilter, operatorId: string): boolean {
  if (row.state !== (filter.view === "resolved" ? "resolved" : "open")) return false;
  if (filter.view === "mine" && row.operator_id !== operatorId) return false;
  if (filter.view === "unassigned" && row.operator_id !== null) return false;
  if (filter.label !== "" && !row.label_ids.includes(filter.label)) return false;
  return filter.channel === "" || row.channel === filter.channel;
}

/** The server's order: longest waiting first, or most recent first. */
export function compareRows(sort: QueueSort): (one: QueueRow, other: QueueRow) => number {
  const byId = (one: QueueRow, other: QueueRow) =>
    one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
  if (sort === "recent") {
    return (one, other) => other.last_message_at - one.last_message_at || byId(other, one);
  }
  const key = (row: QueueRow) => row.waiting_since ?? NEVER_WAITING;
  return (one, other) => key(one) - key(other) || byId(one, other);
}

/** Apply events to one cached part of the queue. */
export function patchQueue(
  cache: QueueCache,
  filter: QueueFilter,
  operatorId: string,
  events: readonly DeskEvent[],
): QueueCache {
  let pages = cache.pages;
  for (const event of events) {
    if (event.kind === "conversation.changed") {
      pages = placeRow(pages, event.body, event.seq, filter, operatorId);
    } else if (event.kind === "contact.changed") {
      pages = renameRows(pages, event.body.id, event.body.name, event.seq);
    }
  }
  return pages === cache.pages ? cache : { ...cache, pages };
}

function placeRow(
  pages: QueuePage[],
  row: QueueRow,
  seq: number,
  filter: QueueFilter,
  operatorId: string,
): QueuePage[] {
  const first = pages[0];
  if (!first || seq <= first.seq) return pages;
  const without = pages.map((page) => withoutRow(page, row.id));
  if (!belongs(row, filter, operatorId)) return without;
  const compare = compareRows(filter.sort);
  const at = without.findIndex((page) => {
    const last = page.items.at(-1);
    return page.next === null || (last !== undefined && compare(row, last) < 0);
  });
  const page = without[at];
  // Beyond what is loaded: the server gives it when the operator scrolls there.
  if (!page) return without;
  const items = [...page.items, row].sort(compare);
  return without.map((one, index) => (index === at ? { ...page, items } : one));
}

function withoutRow(page: QueuePage, id: string): QueuePage {
  return page.items.some((row) => row.id === id)
    ? { ...page, items: page.items.filter((row) => row.id !== id) }
    : page;
}

function renameRows(pages: QueuePage[], contactId: string, name: string, seq: number): QueuePage[] {
  const concerned = (row: QueueRow) => row.contact_id === contactId && row.contact_name !== name;
  return pages.map((page) =>
    seq > page.seq && page.items.some(concerned)
      ? {
          ...page,
          items: page.items.map((row) => (concerned(row) ? { ...row, contact_name: name } : row)),
        }
      : page,
  );
}

/** Apply events to the cached timeline of a contact. */
export function patchMessages(
  cache: MessageCache,
  contactId: string,
  events: readonly DeskEvent[],
): MessageCache {
  let pages = cache.pages;
  for (const event of events) {
    if (event.contact_id !== contactId) continue;
    if (event.kind === "message.created" || event.kind === "message.changed") {
      pages = placeMessage(pages, event.body, event.seq);
    } else if (event.kind === "message.state") {
      const { message_id, state, failure, failure_code } = event.body;
      pages = changeMessage(pages, message_id, event.seq, (old) => ({
        ...old,
        state,
        failure,
        failure_code,
      }));
    }
  }
  return pages === cache.pages ? cache : { ...cache, pages };
}

function changeMessage(
  pages: MessagePage[],
  id: string,
  seq: number,
  change: (old: MessageView) => MessageView,
): MessagePage[] {
  const at = pages.findIndex((page) => page.items.some((one) => one.id === id));
  const page = pages[at];
  if (!page || seq <= page.seq) return pages;
  const items = page.items.map((one) => (one.id === id ? change(one) : one));
  return pages.map((one, index) => (index === at ? { ...page, items } : one));
}

function placeMessage(pages: MessagePage[], message: MessageView, seq: number): MessagePage[] {
  if (pages.some((page) => page.items.some((one) => one.id === message.id))) {
    return changeMessage(pages, message.id, seq, () => message);
  }
  const newest = pages[0];
  if (!newest || seq <= newest.seq) return pages;
  const oldest = newest.items[0];
  // An old message outside of what is loaded comes with its page.
  if (newest.more && oldest && message.seq < oldest.seq) return pages;
  const items = [...newest.items, message].sort((one, other) => one.seq - other.seq);
  return [{ ...newest, items }, ...pages.slice(1)];
}

/** Apply events to a cached conversation: its row and its contact. */
export function patchConversation(
  cache: ConversationView,
  events: readonly DeskEvent[],
): ConversationView {
  let view = cache;
  for (const event of events) {
    if (event.seq <= cache.seq) continue;
    if (event.kind === "conversation.changed" && event.body.id === cache.row.id) {
      view = { ...view, row: event.body };
    } else if (event.kind === "contact.changed" && event.body.id === cache.contact.id) {
      view = { ...view, contact: event.body };
    }
  }
  return view;
}

/** Move one row from where it was counted to where it is counted now. */
export function patchCounts(
  counts: QueueCounts,
  before: QueueRow | undefined,
  after: QueueRow,
  operatorId: string,
): QueueCounts {
  const next = { ...counts };
  for (const [row, step] of [
    [before, -1],
    [after, 1],
  ] as const) {
    if (!row) continue;
    if (row.state === "resolved") next.resolved += step;
    else next.open += step;
    if (row.state === "open" && row.operator_id === operatorId) next.mine += step;
    if (row.state === "open" && row.operator_id === null) next.unassigned += step;
  }
  return next;
}
