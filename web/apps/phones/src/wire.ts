// What the sandbox shows of a chat; names are those of sandbox/message.py and sandbox/view.py.

export interface Person {
  id: number;
  first_name: string;
  last_name: string;
  username: string;
  phone: string;
  email: string;
  language: string;
}

export interface File {
  id: string;
  kind: string;
  name: string;
  mime: string;
  size: number;
  width?: number;
  height?: number;
  duration?: number;
  title?: string;
  performer?: string;
  emoji?: string;
}

export interface Button {
  text: string;
  kind?: "press" | "say" | "url" | "phone" | "location" | "app" | "call" | "copy";
  payload?: string;
  url?: string;
  color?: string;
  note?: string;
}

export interface Card {
  title?: string;
  text?: string;
  file?: File;
  buttons?: Button[];
}

export interface Menu {
  label: string;
  sections: [string, Button[]][];
}

export interface Mark {
  type: string;
  offset: number;
  length: number;
  url?: string;
}

export interface Place {
  latitude: number;
  longitude: number;
  title?: string;
  address?: string;
}

export interface Item {
  id: string;
  title: string;
  quantity?: number;
  price?: string;
  currency?: string;
}

export type Status = "" | "sent" | "delivered" | "read" | "failed";

export interface Message {
  id: string;
  own: boolean;
  at: number;
  kind?: string;
  text?: string;
  marks?: Mark[];
  title?: string;
  footer?: string;
  html?: string;
  address?: string;
  link?: string;
  files?: File[];
  reply_to?: string;
  buttons?: Button[][];
  menu?: Menu;
  cards?: Card[];
  place?: Place;
  contact?: { name: string; phone: string };
  items?: Item[];
  edited_at?: number;
  status?: Status;
  reaction?: string;
  answer_reaction?: string;
  /** Messages of one group stand together as an album. */
  group?: string;
}

export interface Keyboard {
  rows: Button[][];
  placeholder?: string;
}

export interface Notice {
  press_id: string;
  text: string;
  alert: boolean;
}

export interface Chat {
  messages: Message[];
  keyboard: Keyboard | null;
  notices: Notice[];
  action: string;
  blocked: boolean;
}

export interface AccountCard {
  id: string;
  token: string;
  title: string;
  username: string;
  lively: boolean;
}

export interface PlatformCard {
  id: string;
  title: string;
  acts: string[];
  reactions: string[];
  accounts: AccountCard[];
}

export interface ChatCard {
  platform: string;
  account: string;
  person: number;
  at: number;
}

export interface Phones {
  people: Person[];
  chats: ChatCard[];
}

export interface Sample {
  name: string;
  kind: string;
  emoji: string | null;
}

/** Where a chat is: one person at one account of one messenger. */
export interface Spot {
  platform: string;
  account: string;
  person: number;
}

export type Change =
  | { kind: "message" | "edit"; message: Message }
  | { kind: "delete"; message_id: string }
  | { kind: "keyboard"; keyboard: Keyboard | null }
  | { kind: "action"; action: string }
  | { kind: "notice"; notice: Notice }
  | { kind: "blocked"; blocked: boolean };

export type FeedEvent =
  | (Change & Spot)
  | ({ kind: "chat" } & Spot)
  | { kind: "account"; platform: string; account: string }
  | { kind: "somebody"; person: Person }
  | { kind: "reset"; platform?: string };
