// What the sandbox shows of a Telegram chat; names are the Bot API's own.

export interface Person {
  id: number;
  is_bot: boolean;
  first_name: string;
  last_name?: string;
  username?: string;
  language_code?: string;
}

export interface Entity {
  type: string;
  offset: number;
  length: number;
  url?: string;
}

export interface Medium {
  file_id: string;
  file_name?: string;
  file_size?: number;
  mime_type?: string;
  width?: number;
  height?: number;
  duration?: number;
  title?: string;
  performer?: string;
}

export interface Sticker {
  file_id: string;
  is_animated: boolean;
  is_video: boolean;
  emoji?: string;
}

export interface Place {
  latitude: number;
  longitude: number;
}

export interface InlineButton {
  text: string;
  url?: string;
  callback_data?: string;
}

export interface Message {
  message_id: number;
  from?: Person;
  date: number;
  edit_date?: number;
  reply_to_message?: Message;
  media_group_id?: string;
  text?: string;
  entities?: Entity[];
  caption?: string;
  caption_entities?: Entity[];
  photo?: Medium[];
  video?: Medium;
  animation?: Medium;
  video_note?: Medium;
  voice?: Medium;
  audio?: Medium;
  document?: Medium;
  sticker?: Sticker;
  location?: Place;
  venue?: { location: Place; title: string; address: string };
  contact?: { phone_number: string; first_name: string; last_name?: string };
  poll?: { question: string; options: { text: string }[] };
  reply_markup?: { inline_keyboard?: InlineButton[][] };
}

export interface Keyboard {
  keyboard?: { text: string; request_contact?: boolean; request_location?: boolean }[][];
  input_field_placeholder?: string;
  force_reply?: boolean;
}

export interface ButtonAnswer {
  query_id: string;
  text: string | null;
  alert: boolean;
}

export type Reactions = Record<string, Record<string, string[]>>;

export interface Chat {
  messages: Message[];
  delivered: number[];
  reactions: Reactions;
  keyboard: Keyboard | null;
  action: string | null;
  blocked: boolean;
  answers: ButtonAnswer[];
}

export interface BotCard {
  token: string;
  user: Person;
  webhook: string | null;
  pending: number;
  chats: number;
  lively: boolean;
}

export interface PersonCard {
  user: Person;
  phone: string;
  deactivated: boolean;
}

export interface Sample {
  name: string;
  kind: string;
  emoji: string | null;
}

interface InChat {
  bot_id: number;
  chat_id: number;
}

export type ChatEvent =
  | ({ kind: "message" | "edit"; message: Message } & InChat)
  | ({ kind: "delete" | "delivered"; message_id: number } & InChat)
  | ({ kind: "action"; action: string } & InChat)
  | ({ kind: "keyboard"; keyboard: Keyboard | null } & InChat)
  | ({ kind: "answer"; answer: ButtonAnswer } & InChat)
  | ({ kind: "reaction"; message_id: number; reactions: Record<string, string[]> } & InChat)
  | ({ kind: "blocked"; blocked: boolean } & InChat);

export type FeedEvent =
  | ChatEvent
  | ({ kind: "person" } & InChat)
  | { kind: "bot"; bot_id: number }
  | { kind: "reset" };
