/** The visitor protocol as the panel uses it; the whole of it is in docs/visitor-protocol.md. */

export interface Settings {
  title: string;
  greeting: string;
  color: string;
  locale: string;
  position: string;
  consent_text: string;
  upload_bytes: number;
  sandbox: boolean;
}

export interface Entity {
  kind: string;
  offset: number;
  length: number;
  url?: string;
}

export interface Attachment {
  id: string;
  kind: string;
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

export interface Button {
  label: string;
  payload?: string;
  url?: string;
}

export interface Place {
  latitude: number;
  longitude: number;
  title?: string;
  address?: string;
}

export interface Message {
  id: string;
  seq: number;
  from: "contact" | "operator" | "bot";
  author_name: string;
  kind: string;
  text: string;
  entities: Entity[];
  attachments: Attachment[];
  buttons: Button[][];
  location?: Place | null;
  group_key: string;
  reply_to_id: string | null;
  client_id: string | null;
  state: string;
  sent_at: number;
  edited_at: number | null;
  deleted: boolean;
}

export interface Touch {
  url: string;
  title: string;
  referrer: string;
  device: string;
  [utm: `utm_${string}`]: string;
}

export interface Press {
  message_id: string;
  payload: string;
  label: string;
}

export interface Send {
  client_id: string;
  kind: "text" | "file" | "sticker" | "location" | "press";
  text?: string;
  file_ids?: string[];
  press?: Press;
  reply_to_id?: string;
  touch?: Touch;
}

export interface Session {
  token: string;
  ticket: string;
  messages: Message[];
  more: boolean;
  seq: number;
  contact: { name: string };
  read_by_operator_seq: number;
  read_by_contact_seq: number;
}

export interface Uploaded {
  file_id: string;
  name: string;
  mime: string;
  kind: string;
  size: number;
  width: number;
  height: number;
  url: string;
}

export interface Problem {
  code: string;
  detail: string;
}

export type Change =
  | { seq: number; kind: "message.created" | "message.changed"; message: Message }
  | { seq: number; kind: "message.state"; message_id: string; state: string }
  | { seq: number; kind: "read"; operator_read_seq: number };

export type FromServer =
  | { kind: "hello"; seq: number }
  | { kind: "events"; seq: number; events: Change[] }
  | { kind: "typing"; name: string }
  | { kind: "resync" }
  | { kind: "pong" }
  | { kind: "accepted"; client_id: string }
  | { kind: "refused"; client_id: string; code: string; sentence: string };
