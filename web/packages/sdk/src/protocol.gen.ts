/** Written by `python -m tools.sdk_types write`; never edited by hand. */

export interface Accepted {
  client_id: string;
}

export interface Button {
  label: string;
  payload?: string;
  url?: string;
  request?: string;
}

export interface Entity {
  kind: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
}

export interface Follow {
  kind: "follow";
  since?: number;
}

export interface Location {
  latitude: number;
  longitude: number;
  title?: string;
  address?: string;
  live_s?: number;
}

export interface Look {
  title: string;
  greeting: string;
  color: string;
  locale: string;
  position: string;
  consent_text: string;
  upload_bytes: number;
  sandbox: boolean;
}

export interface Page {
  messages: VisitorMessage[];
  more: boolean;
}

export interface PageShown {
  kind: "page";
  url: string;
  title?: string;
  referrer?: string;
}

export interface Ping {
  kind: "ping";
}

export interface Place {
  latitude: number;
  longitude: number;
  title?: string;
  address?: string;
}

export interface Press {
  message_id: string;
  payload: string;
  label?: string;
}

export interface Seen {
  kind: "seen";
  seq: number;
}

export interface SendFrame {
  kind: "send";
  send: VisitorSend;
}

export interface Session {
  token: string;
  ticket: string;
  messages: VisitorMessage[];
  more: boolean;
  seq: number;
  contact: VisitorContact;
  read_by_operator_seq: number;
  read_by_contact_seq: number;
}

export interface SessionAsk {
  token?: string;
  identity?: string;
  locale?: string;
}

export interface Touch {
  url: string;
  title?: string;
  referrer?: string;
  device?: string;
  utm_source?: string;
  utm_medium?: string;
  utm_campaign?: string;
  utm_term?: string;
  utm_content?: string;
}

export interface Typing {
  kind: "typing";
  text?: string;
}

export interface Uploaded {
  file_id: string;
  name: string;
  mime: string;
  kind: MessageKind;
  size: number;
  width: number;
  height: number;
  url: string;
}

export interface VisitorAttachment {
  id: string;
  kind: MessageKind;
  url: string | null;
  name: string;
  mime: string;
  size: number;
  width: number;
  height: number;
  duration_s: number;
  format: string;
  emoji: string;
}

export interface VisitorContact {
  name: string;
}

export interface VisitorMessage {
  id: string;
  seq: number;
  from: "bot" | "contact" | "operator";
  author_name: string;
  kind: MessageKind;
  text: string;
  entities: Entity[];
  attachments: VisitorAttachment[];
  buttons: Button[][];
  location: Location | null;
  group_key: string;
  reply_to_id: string | null;
  client_id: string | null;
  state: string;
  sent_at: number;
  edited_at: number | null;
  deleted: boolean;
}

export interface VisitorSend {
  client_id: string;
  kind?: "file" | "location" | "press" | "sticker" | "text";
  text?: string;
  file_ids?: string[];
  press?: Press | null;
  location?: Place | null;
  reply_to_id?: string;
  touch?: Touch | null;
  name?: string;
  email?: string;
}

export type MessageKind = "audio" | "cards" | "contact_card" | "file" | "location" | "note" | "order" | "picture" | "press" | "sticker" | "system" | "text" | "unsupported" | "video" | "voice";
