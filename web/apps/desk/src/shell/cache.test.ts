import type { QueueRow } from "@otklik/client";
import type { DeskEvent } from "@otklik/wire";
import { describe, expect, it } from "vitest";
import {
  belongs,
  compareRows,
  type MessageCache,
  patchConversation,
  patchCounts,
  patchMessages,
  patchQueue,
  type QueueCache,
  type QueueFilter,
} from "./cache.ts";
import { sampleMessage, sampleRow } from "./samples.ts";

const ALL: QueueFilter = { view: "all", sort: "waiting", label: "", channel: "" };
const ME = "op1";

function rowEvent(seq: number, row: QueueRow): DeskEvent {
  return {
    seq,
    kind: "conversation.changed",
    conversation_id: row.id,
    contact_id: row.contact_id,
    at: seq,
    body: row,
  };
}

function queueOf(rows: QueueRow[], seq = 0, next: string | null = null): QueueCache {
  const counts = { mine: 0, unassigned: 0, open: 0, resolved: 0 };
  return { pages: [{ items: rows, next, counts, seq }], pageParams: [null] };
}

const ids = (cache: QueueCache) => cache.pages.flatMap((page) => page.items.map((row) => row.id));

describe("the queue", () => {
  it.each([
    ["all", sampleRow(), true],
    ["all", sampleRow({ state: "resolved" }), false],
    ["resolved", sampleRow({ state: "resolved" }), true],
    ["mine", sampleRow({ operator_id: ME }), true],
    ["mine", sampleRow({ operator_id: "op2" }), false],
    ["unassigned", sampleRow(), true],
    ["unassigned", sampleRow({ operator_id: ME }), false],
  ] as const)("%s: a row belongs or not", (view, row, expected) => {
    expect(belongs(row, { ...ALL, view }, ME)).toBe(expected);
  });

  it("narrows by label and channel", () => {
    const row = sampleRow({ label_ids: ["l1"], channel: "widget" });
    expect(belongs(row, { ...ALL, label: "l1", channel: "widget" }, ME)).toBe(true);
    expect(belongs(row, { ...ALL, label: "l2" }, ME)).toBe(false);
    expect(belongs(row, { ...ALL, channel: "telegram" }, ME)).toBe(false);
  });

  it("puts a new conversation where the server would", () => {
    const old = queueOf([
      sampleRow({ id: "a", waiting_since: 10 }),
      sampleRow({ id: "c", waiting_since: 30 }),
    ]);
    const next = patchQueue(old, ALL, ME, [rowEvent(1, sampleRow({ id: "b", waiting_since: 20 }))]);
    expect(ids(next)).toEqual(["a", "b", "c"]);
  });

  it("moves a row nobody waits in behind the others", () => {
    const old = queueOf([
      sampleRow({ id: "a", waiting_since: 10 }),
      sampleRow({ id: "b", waiting_since: 20 }),
    ]);
    const next = patchQueue(old, ALL, ME, [
      rowEvent(1, sampleRow({ id: "a", waiting_since: null })),
    ]);
    expect(ids(next)).toEqual(["b", "a"]);
  });

  it("lets a row go that no longer belongs", () => {
    const old = queueOf([sampleRow()]);
    expect(ids(patchQueue(old, ALL, ME, [rowEvent(1, sampleRow({ state: "resolved" }))]))).toEqual(
      [],
    );
  });

  it("ignores what the snapshot already knew", () => {
    const old = queueOf([sampleRow({ preview: "new" })], 7);
    expect(patchQueue(old, ALL, ME, [rowEvent(7, sampleRow({ preview: "old" }))])).toBe(old);
  });

  it("leaves a row beyond the loaded pages to the next page", () => {
    const old = queueOf([sampleRow({ id: "a", waiting_since: 10 })], 0, "cursor");
    expect(
      ids(patchQueue(old, ALL, ME, [rowEvent(1, sampleRow({ id: "z", waiting_since: 99 }))])),
    ).toEqual(["a"]);
  });

  it("renames a contact in place", () => {
    const contact = { id: "p1", name: "Зоя Лебедь" };
    const event = {
      seq: 3,
      kind: "contact.changed",
      conversation_id: "",
      contact_id: "p1",
      at: 3,
      body: contact,
    };
    const next = patchQueue(queueOf([sampleRow()]), ALL, ME, [event as unknown as DeskEvent]);
    expect(next.pages[0]?.items[0]?.contact_name).toBe("Зоя Лебедь");
  });

  it("sorts by the most recent, ids breaking ties as on the server", () => {
    const rows = [
      sampleRow({ id: "a", last_message_at: 5 }),
      sampleRow({ id: "b", last_message_at: 5 }),
      sampleRow({ id: "c", last_message_at: 9 }),
    ];
    expect(rows.sort(compareRows("recent")).map((row) => row.id)).toEqual(["c", "b", "a"]);
  });
});

describe("replay", () => {
  // Whatever the snapshot's moment and however often events repeat, the cache ends as the truth.
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("is exact (seed %i)", (seed) => {
    const random = seeded(seed);
    const { history, truth } = makeHistory(random, 120);
    const at = Math.floor(random() * history.length);
    const known = truthAt(history, at);
    let cache = queueOf(known, at);
    // The socket may resume earlier than the snapshot, and repeat.
    const from = Math.max(0, at - Math.floor(random() * 20));
    cache = patchQueue(cache, ALL, ME, history.slice(from, at + 30));
    cache = patchQueue(cache, ALL, ME, history.slice(at + 10));
    expect(cache.pages[0]?.items).toEqual(truth);
  });
});

function seeded(seed: number): () => number {
  let state = seed * 2654435761;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function makeHistory(random: () => number, length: number) {
  const history = Array.from({ length }, (_, index) =>
    rowEvent(
      index + 1,
      sampleRow({
        id: `c${Math.floor(random() * 12)}`,
        state: random() < 0.25 ? "resolved" : "open",
        waiting_since: random() < 0.3 ? null : Math.floor(random() * 50),
        preview: `step ${index}`,
      }),
    ),
  );
  return { history, truth: truthAt(history, length) };
}

function truthAt(history: DeskEvent[], count: number): QueueRow[] {
  const rows = new Map<string, QueueRow>();
  for (const event of history.slice(0, count)) {
    if (event.kind === "conversation.changed") rows.set(event.body.id, event.body);
  }
  return [...rows.values()].filter((row) => row.state === "open").sort(compareRows("waiting"));
}

describe("the timeline", () => {
  const page = (items = [sampleMessage()], seq = 0): MessageCache => ({
    pages: [{ items, more: false, seq }],
    pageParams: [null],
  });
  const created = (seq: number, message = sampleMessage()): DeskEvent => ({
    seq,
    kind: "message.created",
    conversation_id: "c1",
    contact_id: message.contact_id,
    at: seq,
    body: message,
  });

  it("appends a new message in order, once", () => {
    const event = created(5, sampleMessage({ id: "m2", seq: 2 }));
    const next = patchMessages(page(), "p1", [event, event]);
    expect(next.pages[0]?.items.map((one) => one.id)).toEqual(["m1", "m2"]);
  });

  it("takes nothing of another contact", () => {
    const old = page();
    expect(
      patchMessages(old, "p1", [created(5, sampleMessage({ id: "x", contact_id: "p2" }))]),
    ).toBe(old);
  });

  it("moves the state of one message", () => {
    const event: DeskEvent = {
      seq: 9,
      kind: "message.state",
      conversation_id: "c1",
      contact_id: "p1",
      at: 9,
      body: { message_id: "m1", state: "failed", failure: "blocked", failure_code: "901" },
    };
    const item = patchMessages(page(), "p1", [event]).pages[0]?.items[0];
    expect([item?.state, item?.failure]).toEqual(["failed", "blocked"]);
  });

  it("does not let an older event undo a newer page", () => {
    const old = page([sampleMessage({ text: "edited" })], 20);
    expect(patchMessages(old, "p1", [created(19, sampleMessage({ text: "first" }))])).toBe(old);
  });

  it("leaves a message older than the loaded pages to its own page", () => {
    const cache: MessageCache = {
      pages: [{ items: [sampleMessage({ id: "m9", seq: 9 })], more: true, seq: 0 }],
      pageParams: [null],
    };
    expect(patchMessages(cache, "p1", [created(30, sampleMessage({ id: "m2", seq: 2 }))])).toBe(
      cache,
    );
  });
});

describe("an open conversation and the counts", () => {
  it("takes the row that is its own", () => {
    const contact = { id: "p1" } as never;
    const view = { row: sampleRow(), contact, limits: {}, seq: 3 };
    const mine = patchConversation(view, [rowEvent(4, sampleRow({ operator_id: ME }))]);
    expect(mine.row.operator_id).toBe(ME);
    expect(patchConversation(view, [rowEvent(4, sampleRow({ id: "c2" }))])).toBe(view);
    expect(patchConversation(view, [rowEvent(3, sampleRow({ operator_id: ME }))])).toBe(view);
  });

  it("counts a row where it stands now", () => {
    const counts = { mine: 0, unassigned: 1, open: 1, resolved: 0 };
    const taken = patchCounts(counts, sampleRow(), sampleRow({ operator_id: ME }), ME);
    expect(taken).toEqual({ mine: 1, unassigned: 0, open: 1, resolved: 0 });
    const done = patchCounts(
      taken,
      sampleRow({ operator_id: ME }),
      sampleRow({ operator_id: ME, state: "resolved" }),
      ME,
    );
    expect(done).toEqual({ mine: 0, unassigned: 0, open: 0, resolved: 1 });
  });
});
