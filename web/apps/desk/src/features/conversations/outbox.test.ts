import { type MessageView, Refused, Unreachable } from "@otklik/client";
import { describe, expect, it, vi } from "vitest";
import { sampleMessage } from "../../shell/samples.ts";
import { Outbox, type Outgoing } from "./outbox.ts";

function item(id: string, conversationId = "c1"): Outgoing {
  return {
    by: "op1",
    conversationId,
    note: false,
    body: { client_id: id, text: id },
    at: 0,
    files: [],
    refused: "",
  };
}

/** An outbox before a server that answers as told; `kept` is what a reload would find. */
function made(answer: (item: Outgoing) => Promise<MessageView>, kept: string | null = null) {
  const posted: string[] = [];
  const accepted: string[] = [];
  let saved = kept;
  const box = new Outbox({
    who: () => "op1",
    post: (one) => {
      posted.push(one.body.client_id);
      return answer(one);
    },
    accepted: (one) => accepted.push(one.body.client_id),
    load: () => saved,
    save: (text) => {
      saved = text;
    },
  });
  return { box, posted, accepted, saved: () => saved };
}

const yes = async () => sampleMessage();
const refusal = (status: number) => new Refused({ status, code: "x", detail: "Слишком длинно." });
const ids = (box: Outbox) => box.all().map((one) => one.body.client_id);

describe("the outbox", () => {
  it("sends in order and forgets what was taken", async () => {
    const { box, posted, accepted } = made(yes);
    box.add(item("a"));
    box.add(item("b"));
    await box.flush();
    await vi.waitFor(() => expect(ids(box)).toEqual([]));
    expect(posted).toEqual(["a", "b"]);
    expect(accepted).toEqual(["a", "b"]);
  });

  it("keeps everything while there is no network, then sends each once", async () => {
    let online = false;
    const { box, posted } = made(async () => {
      if (!online) throw new Unreachable("x");
      return sampleMessage();
    });
    box.add(item("a"));
    box.add(item("b"));
    await vi.waitFor(() => expect(posted).toEqual(["a"]));
    expect(ids(box)).toEqual(["a", "b"]);
    online = true;
    await Promise.all([box.flush(), box.flush(), box.flush()]);
    await vi.waitFor(() => expect(ids(box)).toEqual([]));
    expect(posted).toEqual(["a", "a", "b"]);
  });

  it("survives a reload", async () => {
    const before = made(async () => {
      throw new Unreachable("x");
    });
    before.box.add(item("a"));
    await vi.waitFor(() => expect(before.posted).toEqual(["a"]));
    const after = made(yes, before.saved());
    expect(ids(after.box)).toEqual(["a"]);
    await after.box.flush();
    expect(after.accepted).toEqual(["a"]);
  });

  it("shows a refusal and goes on with the next", async () => {
    const { box, accepted } = made(async (one) => {
      if (one.body.client_id === "a") throw refusal(422);
      return sampleMessage();
    });
    box.add(item("a"));
    box.add(item("b"));
    await vi.waitFor(() => expect(accepted).toEqual(["b"]));
    expect(box.all()[0]?.refused).toBe("Слишком длинно.");
    box.discard("a");
    expect(ids(box)).toEqual([]);
  });

  it.each([401, 408, 429, 500])("does not give up on %i", async (status) => {
    const { box, posted } = made(async () => {
      throw refusal(status);
    });
    box.add(item("a"));
    await vi.waitFor(() => expect(posted.length).toBe(1));
    expect(box.all()[0]?.refused).toBe("");
  });

  it("lets one stuck conversation not hold another", async () => {
    const { box, accepted } = made(async (one) => {
      if (one.conversationId === "stuck") throw new Unreachable("x");
      return sampleMessage();
    });
    box.add(item("a", "stuck"));
    box.add(item("b", "free"));
    await vi.waitFor(() => expect(accepted).toEqual(["b"]));
  });

  it("does not say one operator's words in the name of the next", async () => {
    const { box, posted } = made(yes);
    box.add({ ...item("a"), by: "op2" });
    box.add(item("b"));
    await vi.waitFor(() => expect(ids(box)).toEqual(["a"]));
    expect(posted).toEqual(["b"]);
  });

  it("leaves in the store what another tab waits to send", async () => {
    let store: string | null = null;
    const tab = (post: () => Promise<MessageView>) =>
      new Outbox({
        who: () => "op1",
        post,
        accepted: () => undefined,
        load: () => store,
        save: (text) => {
          store = text;
        },
      });
    const first = tab(yes);
    const second = tab(async () => {
      throw new Unreachable("x");
    });
    second.add(item("theirs"));
    first.add(item("mine"));
    await vi.waitFor(() => expect(ids(first)).toEqual([]));
    expect(store).toContain("theirs");
    expect(store).not.toContain("mine");
  });

  it("starts empty from a damaged store", () => {
    expect(ids(made(yes, "{oops").box)).toEqual([]);
  });
});
