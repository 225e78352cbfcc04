// Everything the page knows, kept in step with the sandbox by its feed.

import { apply, keyOf, newestApps } from "./chat";
import { loadChat, loadPhones, loadPlatforms } from "./sandbox";
import { inOrder } from "./skins";
import { changesOf, type TelegramEvent } from "./telegram";
import type { AccountCard, Change, Chat, FeedEvent, Person, PlatformCard, Spot } from "./wire";

const TYPING_MS = 5000;
const LOOK_AGAIN_MS = 200;

export class Store {
  platforms: PlatformCard[] = [];
  people: Person[] = [];
  chats = new Map<string, Chat>();
  unseen = new Set<string>();
  online = true;
  loaded = false;
  private readonly active = new Map<number, string>();
  private readonly account = new Map<string, string>();
  private readonly watchers = new Set<() => void>();
  private readonly typing = new Map<string, number>();
  private lookingAgain = 0;

  watch(call: () => void): () => void {
    this.watchers.add(call);
    return () => this.watchers.delete(call);
  }

  tell(): void {
    for (const call of this.watchers) call();
  }

  open(): void {
    const feed = new EventSource("control/feed");
    feed.onopen = () => {
      this.online = true;
      this.chats.clear();
      void this.reload();
    };
    feed.onerror = () => {
      this.online = false;
      this.tell();
    };
    feed.onmessage = (frame) => this.take(JSON.parse(frame.data) as FeedEvent | TelegramEvent);
  }

  async reload(): Promise<void> {
    const [platforms, phones] = await Promise.all([loadPlatforms(), loadPhones()]);
    this.platforms = inOrder(platforms);
    this.people = phones.people;
    for (const [person, app] of newestApps(phones.chats))
      if (!this.active.has(person)) this.active.set(person, app);
    this.loaded = true;
    this.tell();
  }

  /** Under load people come by the hundred: one look serves them all. */
  private soonReload(): void {
    this.lookingAgain ||= window.setTimeout(() => {
      this.lookingAgain = 0;
      void this.reload();
    }, LOOK_AGAIN_MS);
  }

  /** The messengers somebody can be written to at: those with an account. */
  usable(): string[] {
    return this.platforms.filter((one) => one.accounts.length > 0).map((one) => one.id);
  }

  platform(id: string): PlatformCard | undefined {
    return this.platforms.find((one) => one.id === id);
  }

  accountOf(platform: string): AccountCard | undefined {
    const all = this.platform(platform)?.accounts ?? [];
    return all.find((one) => one.id === this.account.get(platform)) ?? all[0];
  }

  chooseAccount(platform: string, account: string): void {
    this.account.set(platform, account);
    this.tell();
  }

  appOf(person: number): string {
    const usable = this.usable();
    const chosen = this.active.get(person) ?? "";
    return usable.includes(chosen) ? chosen : (usable[0] ?? "");
  }

  chooseApp(person: number, platform: string): void {
    this.active.set(person, platform);
    this.tell();
  }

  spot(person: number, platform: string): Spot {
    return { person, platform, account: this.accountOf(platform)?.id ?? "" };
  }

  async load(spot: Spot): Promise<void> {
    this.chats.set(keyOf(spot), await loadChat(spot));
    this.tell();
  }

  see(spot: Spot): boolean {
    const news = this.unseen.delete(keyOf(spot));
    if (news) this.tell();
    return news;
  }

  hasNews(person: number, platform?: string): boolean {
    const usable = platform ? [platform] : this.usable();
    return usable.some((id) => this.unseen.has(keyOf(this.spot(person, id))));
  }

  private take(event: FeedEvent | TelegramEvent): void {
    if ("bot_id" in event) this.takeTelegram(event);
    else if (event.kind === "reset") {
      this.chats.clear();
      void this.reload();
    } else if (event.kind === "account" || event.kind === "somebody") this.soonReload();
    else if (event.kind !== "chat") this.change(event, event);
  }

  private takeTelegram(event: TelegramEvent): void {
    if (event.kind === "bot" || event.kind === "person") {
      this.soonReload();
      return;
    }
    const spot = { platform: "telegram", account: String(event.bot_id), person: event.chat_id };
    const chat = this.chats.get(keyOf(spot));
    const empty = { messages: [], keyboard: null, notices: [], action: "", blocked: false };
    for (const change of changesOf(event, chat ?? empty)) this.change(spot, change);
  }

  private change(spot: Spot, change: Change): void {
    const key = keyOf(spot);
    const chat = this.chats.get(key);
    if (change.kind === "message") {
      if (change.message.own) this.active.set(spot.person, spot.platform);
      else this.unseen.add(key);
    }
    if (chat) this.chats.set(key, apply(chat, change));
    if (change.kind === "action") this.endTyping(key);
    this.tell();
  }

  private endTyping(key: string): void {
    clearTimeout(this.typing.get(key));
    const timer = window.setTimeout(() => {
      const chat = this.chats.get(key);
      if (chat) this.chats.set(key, { ...chat, action: "" });
      this.tell();
    }, TYPING_MS);
    this.typing.set(key, timer);
  }
}
