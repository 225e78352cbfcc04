import { describe, expect, it } from "vitest";
import type { Waiting } from "./outbox";
import { apply, merge, rowsOf, unreadOf } from "./timeline";
import type { Message } from "./wire";

const NOON = new Date(2026, 10, 20, 12).getTime();

function message(seq: number, over: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    seq,
    from: "operator",
    author_name: "Анна",
    kind: "text",
    text: `№ ${seq}`,
    entities: [],
    attachments: [],
    buttons: [],
    group_key: "",
    reply_to_id: null,
    client_id: null,
    state: "sent",
    sent_at: NOON + seq * 1000,
    edited_at: null,
    deleted: false,
    ...over,
  };
}

function waiting(id: string, at: number): Waiting {
  return {
    client_id: id,
    at,
    send: { client_id: id, kind: "text", text: id },
    files: [],
    refused: "",
  };
}

const groups = (messages: Message[], items: Waiting[] = []) =>
  rowsOf(messages, items).flatMap((row) => (row.kind === "group" ? [row.group] : []));

describe("the timeline", () => {
  it("has every message once, in order, however often and late it came", () => {
    const late = merge(merge([], [message(3), message(1)]), [message(2), message(3)]);
    expect(late.map((each) => each.seq)).toEqual([1, 2, 3]);
  });

  it("takes the newer version of a message", () => {
    const edited = merge([message(1)], [message(1, { text: "иначе", edited_at: NOON })]);
    expect(edited).toHaveLength(1);
    expect(edited[0]?.text).toBe("иначе");
  });

  it("comes out the same when a stretch of changes is told twice after a reconnect", () => {
    const changes = [
      { seq: 5, kind: "message.created", message: message(5) },
      { seq: 6, kind: "message.changed", message: message(5, { text: "исправлено" }) },
      { seq: 7, kind: "read", operator_read_seq: 5 },
      { seq: 8, kind: "message.state", message_id: "m5", state: "read" },
    ] as const;
    const once = apply({ messages: [], readByOperator: 0 }, changes);
    expect(apply(once, changes)).toEqual(once);
    expect(once.messages[0]).toMatchObject({ text: "исправлено", state: "read" });
  });

  it("never takes a read mark back", () => {
    const read = apply({ messages: [], readByOperator: 9 }, [
      { seq: 1, kind: "read", operator_read_seq: 4 },
    ]);
    expect(read.readByOperator).toBe(9);
  });

  it("counts as unread what others wrote after the last look", () => {
    const all = [
      message(1),
      message(2),
      message(3, { from: "contact" }),
      message(4, { deleted: true }),
      message(5),
    ];
    expect(unreadOf(all, 1).map((each) => each.seq)).toEqual([2, 5]);
  });
});

describe("the layout", () => {
  it("groups neighbours of one author and parts them by time, author and side", () => {
    const laid = groups([
      message(1),
      message(2),
      message(3, { author_name: "Олег" }),
      message(4, { from: "contact" }),
      message(5, { from: "contact", sent_at: NOON + 10 * 60_000 }),
    ]);
    expect(laid.map((group) => group.bubbles.length)).toEqual([2, 1, 1, 1]);
  });

  it("marks every day once", () => {
    const nextDay = NOON + 26 * 3_600_000;
    const rows = rowsOf([message(1), message(2), message(3, { sent_at: nextDay })], []);
    expect(rows.filter((row) => row.kind === "day")).toHaveLength(2);
  });

  it("shows an album as one bubble", () => {
    const [group] = groups([1, 2, 3].map((seq) => message(seq, { group_key: "g" })));
    expect(group?.bubbles).toHaveLength(1);
    expect(group?.bubbles[0]?.messages).toHaveLength(3);
  });

  it("shows what waits at the end, and only until it has come back", () => {
    const mine = message(1, { from: "contact", client_id: "a" });
    const keys = (messages: Message[]) =>
      groups(messages, [waiting("a", NOON), waiting("b", NOON)]).flatMap((group) =>
        group.bubbles.map((bubble) => bubble.key),
      );
    expect(keys([])).toEqual(["a", "b"]);
    expect(keys([mine])).toEqual(["a", "b"]);
    const [first] = groups([mine], [waiting("a", NOON)]);
    expect(first?.bubbles.map((bubble) => bubble.waiting)).toEqual([null]);
  });

  it("keeps the key of a message when it comes back, so that it is not drawn anew", () => {
    const before = groups([], [waiting("a", NOON)])[0]?.bubbles[0]?.key;
    const after = groups([message(1, { from: "contact", client_id: "a" })])[0]?.bubbles[0]?.key;
    expect(after).toBe(before);
  });
});
