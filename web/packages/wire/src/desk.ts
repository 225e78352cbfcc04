/** Frames of the desk's socket, `/api/v1/live`. */
import type {
  ContactView,
  InboxView,
  LabelView,
  MessageStateChange,
  MessageView,
  QueueRow,
  Regrouped,
} from "@otklik/client";

/** `queue`, or `conversation:<id>`. */
export type View = "queue" | `conversation:${string}`;

export type ClientFrame =
  | { kind: "follow"; views: View[]; since: number }
  | { kind: "typing"; conversation_id: string }
  | { kind: "ping" };

interface Bodies {
  "message.created": MessageView;
  "message.changed": MessageView;
  "message.state": MessageStateChange;
  "conversation.changed": QueueRow;
  "contact.changed": ContactView;
  "contact.merged": Regrouped;
  "contact.split": Regrouped;
  "inbox.changed": InboxView;
  "label.changed": LabelView;
}

export type EventKind = keyof Bodies;

export type DeskEvent = {
  [K in EventKind]: {
    seq: number;
    kind: K;
    conversation_id: string;
    contact_id: string;
    at: number;
    body: Bodies[K];
  };
}[EventKind];

export interface TypingFrame {
  kind: "typing";
  conversation_id: string;
  contact_id: string;
  operator_id?: string;
  name: string;
  text?: string;
}

export type ServerFrame =
  | { kind: "hello"; seq: number }
  | { kind: "events"; seq: number; events: DeskEvent[] }
  | { kind: "resync"; seq: number }
  | { kind: "pong" }
  | { kind: "refused"; code: string }
  | TypingFrame;

/** Why the server closed the socket. */
export const CLOSE_SIGNED_OUT = 4401;
