import type { InboxView, QueuePage } from "@otklik/client";
import type { DeskEvent } from "@otklik/wire";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import type { QueueCache, QueueFilter } from "./cache.ts";
import { keys } from "./keys.ts";
import { Live } from "./live.ts";
import { sampleInbox, sampleRow } from "./samples.ts";

const FILTER: QueueFilter = { view: "all", sort: "waiting", label: "", channel: "" };
const counts = { mine: 0, unassigned: 1, open: 1, resolved: 0 };

function event(seq: number, preview: string): DeskEvent {
  const body = sampleRow({ preview });
  return {
    seq,
    kind: "conversation.changed",
    conversation_id: "c1",
    contact_id: "p1",
    at: seq,
    body,
  };
}

/** A server whose answers the test releases one by one. */
function watched() {
  const client = new QueryClient();
  const live = new Live(client);
  const waiting: ((page: QueuePage) => void)[] = [];
  const observer = new QueryObserver<QueueCache>(client, {
    queryKey: keys.queue(FILTER),
    queryFn: async () => {
      const page = await new Promise<QueuePage>((resolve) => waiting.push(resolve));
      return { pages: [page], pageParams: [null] };
    },
  });
  const stop = observer.subscribe(() => undefined);
  const answer = async (seq: number, preview: string) => {
    waiting.shift()?.({ items: [sampleRow({ preview })], next: null, counts, seq });
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const preview = () =>
    client.getQueryData<QueueCache>(keys.queue(FILTER))?.pages[0]?.items[0]?.preview;
  return { live, answer, preview, asked: () => waiting.length, stop };
}

describe("the cache under the socket", () => {
  it("keeps an event that arrived while an older answer was under way", async () => {
    const { live, answer, preview, stop } = watched();
    live.take([event(12, "newer")]);
    await answer(10, "older");
    expect(preview()).toBe("newer");
    stop();
  });

  it("fetches anew what was taken before its view was followed", async () => {
    const { live, answer, preview, asked, stop } = watched();
    await answer(10, "with a hole");
    live.followed(["queue"], 15);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(asked()).toBe(1);
    await answer(16, "whole");
    expect(preview()).toBe("whole");
    expect(asked()).toBe(0);
    stop();
  });

  it("asks once even when the server's number stays behind", async () => {
    const { live, answer, asked, stop } = watched();
    await answer(10, "a");
    live.followed(["queue"], 15);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await answer(10, "b");
    expect(asked()).toBe(0);
    stop();
  });

  it("tells hearers after the cache took the events", async () => {
    const { live, answer, preview, stop } = watched();
    await answer(1, "old");
    const heard: (string | undefined)[] = [];
    live.onEvents(() => heard.push(preview()));
    live.take([event(2, "new")]);
    expect(heard).toEqual(["new"]);
    stop();
  });

  it("keeps the address an event does not tell, and drops a removed inbox", () => {
    const client = new QueryClient();
    const live = new Live(client);
    const inbox = sampleInbox();
    const changed = (body: InboxView): DeskEvent => {
      return { seq: 1, kind: "inbox.changed", conversation_id: "", contact_id: "", at: 1, body };
    };
    client.setQueryData(keys.inboxes, [inbox]);
    live.take([changed({ ...inbox, address: "", title: "Новое имя" })]);
    expect(client.getQueryData(keys.inboxes)).toEqual([{ ...inbox, title: "Новое имя" }]);
    live.take([changed({ ...inbox, address: "", state: "removed" })]);
    expect(client.getQueryData(keys.inboxes)).toEqual([]);
  });

  it("lets the server's word replace a preview", async () => {
    const { live, answer, preview, stop } = watched();
    await answer(1, "old");
    live.preview({ ...event(2, "hoped for"), seq: Number.MAX_SAFE_INTEGER });
    expect(preview()).toBe("hoped for");
    live.take([event(2, "decided")]);
    expect(preview()).toBe("decided");
    stop();
  });
});

it("reads conversations and timelines anew when two contacts become one", async () => {
  const client = new QueryClient();
  const live = new Live(client);
  client.setQueryData(keys.conversation("c1"), { seq: 1 });
  client.setQueryData(keys.messages("c1"), { pages: [], pageParams: [] });
  client.setQueryData(keys.proposals("p1"), []);
  const body = {
    contact_id: "p1",
    other_id: "p2",
    identity_ids: ["a2"],
    by: "",
    why_en: "",
    why_ru: "",
  };
  live.take([
    { seq: 2, kind: "contact.merged", conversation_id: "", contact_id: "p2", at: 2, body },
  ]);
  for (const key of [keys.conversation("c1"), keys.messages("c1"), keys.proposals("p1")]) {
    expect(client.getQueryState(key)?.isInvalidated).toBe(true);
  }
});
