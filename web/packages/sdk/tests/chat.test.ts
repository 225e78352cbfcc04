// @vitest-environment node
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { type Chat, connect, type Options } from "../src/index.ts";
import type { SocketMaker } from "../src/line.ts";
import { Installation } from "./server.ts";

const WAIT = { timeout: 15_000, interval: 20 };
let there: Installation;
const open = new Set<Chat>();

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });
beforeAll(async () => {
  there = await Installation.start();
});
afterAll(() => there.end());
afterEach(() => {
  for (const chat of open) chat.stop();
  open.clear();
});

/** A device: what it keeps outlives the app on it. */
function device() {
  const items = new Map<string, string>();
  return {
    getItem: async (key: string) => items.get(key) ?? null,
    setItem: async (key: string, value: string) => void items.set(key, value),
    removeItem: async (key: string) => void items.delete(key),
    items,
  };
}

function app(more: Partial<Options> = {}): Chat {
  const { url, key } = there.told;
  const chat = connect({
    url,
    key,
    locale: "ru",
    storage: device(),
    WebSocket: WebSocket as unknown as SocketMaker,
    ...more,
  });
  open.add(chat);
  return chat;
}

const textsOf = (chat: Chat): string[] => chat.messages.map((message) => message.text);
const until = (look: () => unknown) => expect.poll(async () => !!(await look()), WAIT).toBe(true);

/** Write and wait until the message is in the conversation. */
async function said(chat: Chat, text: string): Promise<void> {
  const id = chat.send(text);
  await until(() => chat.messages.some((message) => message.client_id === id));
}

let people = 0;
const somebody = (): string => `person-${++people}`;

describe("what is said", () => {
  test("goes to the operators, and their answer comes back", async () => {
    const chat = app({ identity: there.proof(somebody(), 600, { name: "Вера" }) });
    const heard: string[] = [];
    chat.on("message", (message) => heard.push(`${message.from}: ${message.text}`));
    await said(chat, "Где мой заказ?");
    expect(await there.conversation()).toMatchObject({ channel: "app", contact_name: "Вера" });
    await there.answer("Завтра привезём");
    await until(() => heard.length === 2);
    expect(heard).toEqual(["contact: Где мой заказ?", "operator: Завтра привезём"]);
    expect(chat.waiting).toEqual([]);
  });

  test("keeps its order, however fast it is written", async () => {
    const chat = app();
    const wanted = Array.from({ length: 12 }, (_, number) => `слово ${number}`);
    for (const text of wanted) chat.send(text);
    await until(() => chat.messages.length === wanted.length);
    expect(textsOf(chat)).toEqual(wanted);
  });

  test("is refused with a sentence, and nothing behind it waits for it", async () => {
    const chat = app();
    const refused: string[] = [];
    chat.on("refused", (why) => refused.push(`${why.client_id}: ${why.sentence}`));
    const bad = chat.send("слишком длинно ".repeat(1000));
    await said(chat, "коротко");
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatch(new RegExp(`^${bad}: .*[а-я]`));
    expect(textsOf(chat)).toEqual(["коротко"]);
  });

  test("changes and disappears on the screen as the operator wishes", async () => {
    const chat = app();
    await said(chat, "Сколько стоит улун?");
    const { id } = await there.answer("900 рублей");
    await until(() => textsOf(chat).includes("900 рублей"));
    const changed: string[] = [];
    chat.on("changed", (message) => changed.push(message.deleted ? "deleted" : message.text));
    await there.api("PATCH", `/messages/${id}`, { text: "950 рублей" });
    await until(() => changed.includes("950 рублей"));
    await there.api("DELETE", `/messages/${id}`);
    await until(() => changed.includes("deleted"));
  });

  test("may be a file, which both sides can open", async () => {
    const chat = app();
    chat.sendFile(new Blob(["чай, 3 кг"], { type: "text/plain" }), {
      name: "счёт.txt",
      text: "Вот",
    });
    await until(() => chat.messages.length === 1);
    const [message] = chat.messages;
    const file = message?.attachments[0];
    expect([message?.kind, message?.text, file?.name]).toEqual(["file", "Вот", "счёт.txt"]);
    const answer = await fetch(chat.address(file?.url ?? ""));
    expect(await answer.text()).toBe("чай, 3 кг");
  });

  test("may be a pressed button", async () => {
    const chat = app();
    await said(chat, "Хочу улун");
    await there.answer("Берёте?", { buttons: [[{ label: "Беру", payload: "take" }]] });
    await until(() => chat.messages.at(-1)?.buttons[0]?.[0]);
    const asked = chat.messages.at(-1);
    const button = asked?.buttons[0]?.[0];
    if (!(asked && button)) throw new Error("no button came");
    chat.press(asked, button);
    await until(async () => (await there.texts()).includes("Беру"));
  });
});

describe("who is typing and who has read", () => {
  test("both sides see that the other has read", async () => {
    const chat = app();
    await said(chat, "Вы тут?");
    const { id } = await there.conversation();
    await there.api("POST", `/conversations/${id}/read`, { seq: chat.messages[0]?.seq });
    await until(() => chat.readByOperator >= (chat.messages[0]?.seq ?? Infinity));
    await there.answer("Тут");
    await until(() => chat.messages.length === 2);
    chat.seen();
    await until(async () => {
      const found = await there.api<{ row: { contact_read_seq: number } }>(
        "GET",
        `/conversations/${id}`,
      );
      return found.row.contact_read_seq >= (chat.messages[1]?.seq ?? Infinity);
    });
  });
});

describe("the network goes away", () => {
  test("and what was written meanwhile goes out once, in order, when it is back", async () => {
    const chat = app();
    await said(chat, "раз");
    const online: boolean[] = [];
    chat.on("online", (is) => online.push(is));
    await there.order("stop");
    await until(() => online.includes(false));
    chat.send("два");
    chat.send("три");
    expect(chat.waiting.map((one) => one.text)).toEqual(["два", "три"]);
    await there.order("start");
    chat.nudge();
    await until(() => chat.messages.length === 3);
    expect(textsOf(chat)).toEqual(["раз", "два", "три"]);
    expect(await there.texts()).toEqual(["раз", "два", "три"]);
    expect(chat.waiting).toEqual([]);
  });

  test("and what the operator said meanwhile comes once", async () => {
    const chat = app();
    await said(chat, "Жду");
    const heard: string[] = [];
    chat.on("message", (message) => heard.push(message.text));
    const sockets: WebSocket[] = [];
    class Watched extends WebSocket {
      constructor(url: string) {
        super(url);
        sockets.push(this);
      }
    }
    const other = app({ WebSocket: Watched as unknown as SocketMaker });
    await said(other, "И я жду");
    const otherHeard: string[] = [];
    other.on("message", (message) => otherHeard.push(message.text));
    sockets.at(-1)?.terminate();
    await there.answer("Пока вас не было");
    await until(() => otherHeard.length > 0);
    expect(otherHeard).toEqual(["Пока вас не было"]);
    expect(heard).toEqual([]);
  });

  test("and an app that died with words unsent sends them at its next start", async () => {
    const storage = device();
    const chat = app({ storage });
    await said(chat, "первое");
    await there.order("stop");
    chat.send("второе");
    await until(() => [...storage.items.values()].some((kept) => kept.includes("второе")));
    chat.stop();
    await there.order("start");
    const again = app({ storage });
    await until(() => again.messages.length === 2);
    expect(textsOf(again)).toEqual(["первое", "второе"]);
  });

  test("and an answer that is lost doubles nothing", async () => {
    const chat = app();
    await said(chat, "начало");
    const real = globalThis.fetch;
    let lost = 0;
    globalThis.fetch = async (...asked) => {
      const answer = await real(...asked);
      if (String(asked[0]).endsWith("/messages") && lost++ === 0) throw new Error("reset");
      return answer;
    };
    try {
      const id = chat.send("один раз");
      await until(() => chat.waiting.length === 0);
      await until(() => chat.messages.some((message) => message.client_id === id));
    } finally {
      globalThis.fetch = real;
    }
    expect(lost).toBeGreaterThan(1);
    expect(await there.texts()).toEqual(["начало", "один раз"]);
  });
});

describe("who writes", () => {
  test("finds the conversation again after a restart", async () => {
    const storage = device();
    const chat = app({ storage });
    await said(chat, "Запомните меня");
    chat.stop();
    const again = app({ storage });
    const history = new Promise<number>((told) => again.on("history", (all) => told(all.length)));
    expect(await history).toBe(1);
    expect(textsOf(again)).toEqual(["Запомните меня"]);
  });

  test("keeps what they wrote before signing in, and finds it on another device", async () => {
    const who = somebody();
    const chat = app();
    await said(chat, "Ещё не вошёл");
    chat.identify(there.proof(who, 600, { name: "Олег" }));
    await until(() => chat.messages.length === 1);
    await said(chat, "Вошёл");
    const tablet = app({ identity: async () => there.proof(who) });
    await until(() => tablet.messages.length === 2);
    expect(textsOf(tablet)).toEqual(["Ещё не вошёл", "Вошёл"]);
  });

  test("leaves nothing to whoever comes next", async () => {
    const storage = device();
    const chat = app({ storage, identity: there.proof(somebody()) });
    await said(chat, "Тайна");
    chat.signOut();
    expect(chat.messages).toEqual([]);
    await said(chat, "Я другой");
    expect(textsOf(chat)).toEqual(["Я другой"]);
  });

  test("is never taken for the one who was signed in before", async () => {
    const storage = device();
    const vera = app({ storage, identity: there.proof(somebody()) });
    await said(vera, "Я Вера");
    vera.stop();
    await there.order("stop");
    const still = app({ storage });
    still.send("Недосказанное Верой");
    await until(() => [...storage.items.values()].some((kept) => kept.includes("Недосказанное")));
    still.stop();
    await there.order("start");
    const oleg = app({ storage, identity: there.proof(somebody()) });
    await said(oleg, "Я Олег");
    expect(textsOf(oleg)).toEqual(["Я Олег"]);
  });

  test("is asked for a fresh proof when the old one has expired", async () => {
    const chat = app({ identity: there.proof(somebody(), -100) });
    const asked = new Promise<string>((told) => chat.on("identity", told));
    expect(await asked).toBe("identity_expired");
    chat.send("Дождалось");
    chat.identify(there.proof(somebody()));
    await until(() => textsOf(chat).includes("Дождалось"));
  });
});

test("how the chat presents itself is the inbox's own", async () => {
  expect(await app().settings()).toMatchObject({ greeting: "Добрый день!", sandbox: false });
});
