import "fake-indexeddb/auto";
import { afterEach, describe, expect, it } from "vitest";
import { drain, memoryShelf, newClientId, type Outcome, openShelf, type Waiting } from "./outbox";

function item(id: string, at: number): Waiting {
  return {
    client_id: id,
    at,
    send: { client_id: id, kind: "text", text: id },
    files: [],
    refused: "",
  };
}

const accepted: Outcome = { kind: "accepted" };

describe.each([
  ["the browser's database", () => openShelf(`test-${newClientId()}`)],
  ["memory", async () => memoryShelf()],
])("an outbox in %s", (_name, open) => {
  it("hands over the oldest first and forgets what was accepted", async () => {
    const shelf = await open();
    for (const [id, at] of [
      ["b", 2],
      ["c", 3],
      ["a", 1],
    ] as const)
      await shelf.put(item(id, at));
    const sent: string[] = [];
    const pause = await drain(
      shelf,
      async (each) => {
        sent.push(each.client_id);
        return accepted;
      },
      () => undefined,
    );
    expect(sent).toEqual(["a", "b", "c"]);
    expect(pause).toBe(0);
    expect(await shelf.all()).toEqual([]);
  });

  it("stops at what must wait, so that nothing overtakes it", async () => {
    const shelf = await open();
    await shelf.put(item("a", 1));
    await shelf.put(item("b", 2));
    const sent: string[] = [];
    const pause = await drain(
      shelf,
      async (each) => {
        sent.push(each.client_id);
        return { kind: "later", after_ms: 1500 };
      },
      () => undefined,
    );
    expect(sent).toEqual(["a"]);
    expect(pause).toBe(1500);
    expect((await shelf.all()).map((each) => each.client_id)).toEqual(["a", "b"]);
  });

  it("keeps what was refused with the reason, and goes on with the next", async () => {
    const shelf = await open();
    await shelf.put(item("bad", 1));
    await shelf.put(item("good", 2));
    await drain(
      shelf,
      async (each) =>
        each.client_id === "bad" ? { kind: "refused", sentence: "Слишком длинно" } : accepted,
      () => undefined,
    );
    const left = await shelf.all();
    expect(left.map((each) => [each.client_id, each.refused])).toEqual([["bad", "Слишком длинно"]]);
  });

  it("sends again with the same id after an answer was lost", async () => {
    const shelf = await open();
    await shelf.put(item("a", 1));
    const answers: Outcome[] = [{ kind: "later", after_ms: 1 }, accepted];
    const ids: string[] = [];
    const post = async (each: Waiting) => {
      ids.push(each.send.client_id);
      return answers.shift() ?? accepted;
    };
    expect(await drain(shelf, post, () => undefined)).toBeGreaterThan(0);
    expect(await drain(shelf, post, () => undefined)).toBe(0);
    expect(ids).toEqual(["a", "a"]);
  });

  it("takes in what was written while it was sending", async () => {
    const shelf = await open();
    await shelf.put(item("a", 1));
    const sent: string[] = [];
    await drain(
      shelf,
      async (each) => {
        sent.push(each.client_id);
        if (each.client_id === "a") await shelf.put(item("b", 2));
        return accepted;
      },
      () => undefined,
    );
    expect(sent).toEqual(["a", "b"]);
  });
});

describe("the outbox of a site", () => {
  const whole = globalThis.indexedDB;
  afterEach(() => {
    globalThis.indexedDB = whole;
  });

  it("is found again by another tab, files included", async () => {
    const name = `test-${newClientId()}`;
    const blob = new Blob(["чай"], { type: "text/plain" });
    const file = { name: "a.txt", mime: "text/plain", size: blob.size, blob, file_id: "" };
    await (await openShelf(name)).put({ ...item("a", 1), files: [file] });
    const [found] = await (await openShelf(name)).all();
    expect(found?.files[0]?.name).toBe("a.txt");
    expect(found?.files[0]?.blob).toBeTruthy();
  });

  it("still works where the browser forbids its database", async () => {
    globalThis.indexedDB = {
      open: () => {
        throw new DOMException("denied", "SecurityError");
      },
    } as unknown as IDBFactory;
    const shelf = await openShelf("forbidden");
    await shelf.put(item("a", 1));
    expect(await shelf.all()).toHaveLength(1);
  });
});

describe("a client id", () => {
  it("never repeats and fits the protocol", () => {
    const ids = new Set(Array.from({ length: 2000 }, newClientId));
    expect(ids.size).toBe(2000);
    expect([...ids].every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  });
});
