/** The bodies of the HTTP API. Times are Unix milliseconds, UTC; ids are opaque text. */

export type Role = "operator" | "admin" | "owner";
export type AuthorKind = "contact" | "operator" | "bot" | "system";
export type ConversationState = "open" | "resolved";
export type MessageState =
  | "received"
  | "queued"
  | "sending"
  | "sent"
  | "delivered"
  | "read"
  | "failed"
  | "uncertain";
export type MessageKind =
  | "text"
  | "picture"
  | "video"
  | "voice"
  | "audio"
  | "file"
  | "sticker"
  | "location"
  | "contact_card"
  | "press"
  | "unsupported"
  | "system"
  | "note";
export type AttachmentState = "pending" | "stored" | "too_large" | "failed";
export type InboxState = "active" | "needs_attention" | "paused";

export interface OperatorView {
  id: string;
  name: string;
  email: string;
  role: Role;
  active: boolean;
}

export interface AccountView {
  id: string;
  title: string;
  locale: string;
  time_zone: string;
}

export interface Me {
  operator: OperatorView;
  account: AccountView;
  locale: string;
  scopes: string[];
  csrf_token: string;
  /** False until an invited or first operator chose one. */
  password_set: boolean;
}

export interface IdentityView {
  id: string;
  inbox_id: string;
  channel: string;
  external_id: string;
  name: string;
  username: string;
  evidence: string;
  reachable: boolean;
  seen_at: number | null;
}

export interface TouchpointView {
  id: string;
  kind: string;
  source: string;
  details: Record<string, string>;
  inbox_id: string;
  conversation_id: string | null;
  at: number;
}

export interface ContactView {
  id: string;
  name: string;
  locale: string;
  phone: string;
  phone_evidence: string;
  email: string;
  email_evidence: string;
  remark: string;
  created_at: number;
  seen_at: number | null;
  identities: IdentityView[];
  touchpoints: TouchpointView[];
}

export interface ContactPatch {
  name?: string;
  phone?: string;
  email?: string;
  remark?: string;
}

/** `offset` and `length` count UTF-16 units. */
export interface Entity {
  kind: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
}

export interface GeoPoint {
  latitude: number;
  longitude: number;
  title?: string;
  address?: string;
  live_s?: number;
}

export interface ContactCard {
  name: string;
  phone: string;
  own?: boolean;
}

export interface MessageButton {
  label: string;
  payload?: string;
  url?: string;
  request?: string;
}

export interface Content {
  entities?: Entity[];
  location?: GeoPoint | null;
  card?: ContactCard | null;
  buttons?: MessageButton[][];
  payload?: string;
  author_name?: string;
  forwarded_from?: string;
  system?: string;
  details?: Record<string, string>;
}

export interface AttachmentView {
  id: string;
  kind: MessageKind;
  state: AttachmentState;
  file_id: string | null;
  name: string;
  mime: string;
  size: number;
  width: number;
  height: number;
  duration_s: number;
  format: string;
  emoji: string;
  round: boolean;
  animation: boolean;
}

export interface ReactionView {
  emoji: string;
  author_kind: AuthorKind;
}

export interface MessageView {
  id: string;
  seq: number;
  conversation_id: string;
  contact_id: string;
  inbox_id: string;
  channel: string;
  author_kind: AuthorKind;
  author_id: string;
  author_name: string;
  kind: MessageKind;
  text: string;
  content: Content;
  attachments: AttachmentView[];
  reactions: ReactionView[];
  group_key: string;
  reply_to_id: string | null;
  client_id: string | null;
  state: MessageState;
  failure: string;
  sent_at: number;
  created_at: number;
  edited_at: number | null;
  deleted_at: number | null;
}

export interface QueueRow {
  id: string;
  contact_id: string;
  contact_name: string;
  channel: string;
  inbox_id: string;
  state: ConversationState;
  operator_id: string | null;
  label_ids: string[];
  preview: string;
  preview_kind: MessageKind;
  preview_author: AuthorKind;
  unread: number;
  last_message_at: number;
  waiting_since: number | null;
  operator_read_seq: number;
  contact_read_seq: number;
  last_seq: number;
  created_at: number;
  resolved_at: number | null;
}

export interface LabelView {
  id: string;
  title: string;
  color: string;
}

export interface NewMessage {
  client_id: string;
  kind?: MessageKind;
  text?: string;
  entities?: Entity[];
  file_ids?: string[];
  sticker_of?: string;
  reply_to_id?: string;
  identity_id?: string;
}

export interface NewNote {
  client_id: string;
  text: string;
}

export interface MessageStateChange {
  message_id: string;
  state: MessageState;
  failure: string;
}

export interface InboxView {
  id: string;
  channel: string;
  title: string;
  public_key: string;
  address: string;
  state: InboxState;
  state_reason: string;
  settings: Record<string, string>;
  secrets: Record<string, string>;
  created_at: number;
  last_event_at: number | null;
}

export interface QueueCounts {
  mine: number;
  unassigned: number;
  open: number;
  resolved: number;
}

export interface QueuePage {
  items: QueueRow[];
  next: string | null;
  counts: QueueCounts;
  seq: number;
}

export type TextUnit = "characters" | "utf16" | "bytes";

export interface ReplyLimits {
  channel: string;
  title: string;
  text: number;
  text_unit: TextUnit;
  caption: number;
  upload_bytes: number;
  features: string[];
}

export interface ConversationView {
  row: QueueRow;
  contact: ContactView;
  limits: Record<string, ReplyLimits>;
  seq: number;
}

export interface MessagePage {
  items: MessageView[];
  more: boolean;
  seq: number;
}

export interface StickerView {
  message_id: string;
  attachment: AttachmentView;
}

export interface StoredFile {
  file_id: string;
  name: string;
  mime: string;
  kind: MessageKind;
  size: number;
  width: number;
  height: number;
}

export interface FoundContact {
  id: string;
  name: string;
  conversation_id: string | null;
  channel: string;
}

export interface FoundMessage {
  message: MessageView;
  conversation_id: string;
  contact_name: string;
  snippet: string;
}

export interface SearchResult {
  contacts: FoundContact[];
  messages: FoundMessage[];
}

export interface DeadLetter {
  position: number;
  inbox_id: string;
  received_at: number;
  error: string;
  tries: number;
  body_preview: string;
}

export interface ApiKeyView {
  id: string;
  title: string;
  prefix: string;
  scopes: string[];
  created_by: string;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
}

export interface WebhookView {
  id: string;
  url: string;
  events: string[];
  state: "active" | "paused" | "disabled";
  state_reason: string;
  failing_since: number | null;
  created_at: number;
}

export interface WebhookAttempt {
  id: string;
  seq: number;
  event: string;
  state: "waiting" | "sending" | "done" | "given_up";
  tries: number;
  status: number;
  error: string;
  due_at: number;
  created_at: number;
  finished_at: number | null;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  field?: string;
}
