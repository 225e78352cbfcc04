// The page's line to the sandbox: orders, snapshots and the live feed, kept in one store.

import { apply } from "./chat";
import type { BotCard, Chat, ChatEvent, FeedEvent, PersonCard, Sample } from "./wire";

const ROOT = "control/telegram";
const TYPING_MS = 5000;
const LOOK_AGAIN_MS = 200;

export async function ask<T>(method: string, path: string, body?: object | FormData): Promise<T> {
  const form = body instanceof FormData;
  const answer = await fetch(path, {
    method,
    ...(body ? { body: form ? body : JSON.stringify(body) } : {}),
    ...(body && !form ? { headers: { "Content-Type": "application/json" } } : {}),
  });
  const read = await answer.json();
  if (!answer.ok) throw new Error(read.detail ?? answer.statusText);
  return read as T;
}

export const fileUrl = (botId: number, fileId: string) =>
  `${ROOT}/bots/${botId}/files/${encodeURIComponent(fileId)}`;
export const sampleUrl = (name: string) => `control/samples/${name}`;
export const loadSamples = () => ask<Sample[]>("GET", "control/samples");

export function act(botId: number, personId: number, name: string, body: object | FormData = {}) {
  return ask("POST", `${ROOT}/bots/${botId}/people/${personId}/${name}`, body);
}

export const createBot = () => ask<BotCard>("POST", `${ROOT}/bots`, {});
export const createPerson = (body: object) => ask<PersonCard>("POST", `${ROOT}/people`, body);
export const setLively = (botId: number, on: boolean) =>
  ask("POST", `${ROOT}/bots/${botId}/lively`, { on, pace: 1 });

export class Store {
  bots: BotCard[] = [];
  people: PersonCard[] = [];
  chats = new Map<number, Chat>();
  unseen = new Set<number>();
  online = true;
  botId = 0;
  private readonly watchers = new Set<() => void>();
  private lookingAgain = 0;
  private readonly typing = new Map<number, number>();

  watch(call: () => void): () => void {
    this.watchers.add(call);
    return () => this.watchers.delete(call);
  }

  private tell(): void {
    for (const call of this.watchers) call();
  }

  open(): void {
    const feed = new EventSource("control/feed");
    feed.onopen = () => {
      this.online = true;
      void this.reload();
    };
    feed.onerror = () => {
      this.online = false;
      this.tell();
    };
    feed.onmessage = (frame) => this.take(JSON.parse(frame.data) as FeedEvent);
  }

  async reload(): Promise<void> {
    this.bots = await ask<BotCard[]>("GET", `${ROOT}/bots`);
    if (!this.bots.some((bot) => bot.user.id === this.botId))
      this.botId = this.bots[0]?.user.id ?? 0;
    this.chats.clear();
    await this.reloadPeople();
  }

  /** Under load people come by the hundred: one look at the list serves them all. */
  private soonReloadPeople(): void {
    this.lookingAgain ||= window.setTimeout(() => {
      this.lookingAgain = 0;
      void this.reloadPeople();
    }, LOOK_AGAIN_MS);
  }

  private async reloadPeople(): Promise<void> {
    this.people = this.botId
      ? await ask<PersonCard[]>("GET", `${ROOT}/bots/${this.botId}/people`)
      : [];
    this.tell();
  }

  async choose(botId: number): Promise<void> {
    this.botId = botId;
    this.chats.clear();
    await this.reloadPeople();
  }

  async load(personId: number): Promise<void> {
    const chat = await ask<Chat>("GET", `${ROOT}/bots/${this.botId}/people/${personId}/chat`);
    this.chats.set(personId, chat);
    this.tell();
  }

  see(personId: number): void {
    if (this.unseen.delete(personId)) this.tell();
  }

  private take(event: FeedEvent): void {
    if (event.kind === "reset" || event.kind === "bot") void this.reload();
    else if (event.bot_id !== this.botId) return;
    else if (event.kind === "person") this.soonReloadPeople();
    else this.change(event);
  }

  private change(event: ChatEvent): void {
    const chat = this.chats.get(event.chat_id);
    if (event.kind === "message" && event.message.from?.is_bot) this.unseen.add(event.chat_id);
    if (chat) this.chats.set(event.chat_id, apply(chat, event));
    if (event.kind === "action") this.endTyping(event.chat_id);
    this.tell();
  }

  private endTyping(chatId: number): void {
    clearTimeout(this.typing.get(chatId));
    const timer = window.setTimeout(() => {
      const chat = this.chats.get(chatId);
      if (chat) this.chats.set(chatId, { ...chat, action: null });
      this.tell();
    }, TYPING_MS);
    this.typing.set(chatId, timer);
  }
}
