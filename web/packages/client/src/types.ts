/** The bodies of the HTTP API under the names the desk uses; all of them are generated. */
import type {
  AttemptView,
  Button,
  ChannelLimits,
  ConversationDetail,
  EndpointView,
  Field,
  Location,
  MessageState,
  MessageView,
  NewLabel,
  TimelinePage,
  UploadedFile,
  Window,
  Words,
} from "./schema.gen.ts";

export type {
  AccountView,
  ApiKeyView,
  AttachmentState,
  AttachmentView,
  Basket,
  Card,
  ChannelView,
  ContactCard,
  ContactPatch,
  ContactView,
  Content,
  ConversationState,
  DeadLetter,
  Entity,
  EventKind,
  FoundContact,
  FoundMessage,
  IdentityView,
  InboxNews,
  InboxPatch,
  InboxState,
  InboxView,
  Invitation,
  Invited,
  KnownError,
  LabelView,
  LinkView,
  Me,
  MessageKind,
  MessageState,
  MessageView,
  NewInbox,
  NewMessage,
  NewNote,
  OperatorPatch,
  OperatorView,
  Preview,
  PreviewPart,
  ProfilePatch,
  ProposalView,
  QueuePage,
  QueueRow,
  ReactionView,
  Role,
  Scope,
  SearchResult,
  StickerView,
  TemplateView,
  TouchpointView,
} from "./schema.gen.ts";

export type AuthorKind = MessageView["author_kind"];
export type ConversationView = ConversationDetail;
export type GeoPoint = Location;
export type GuideField = Field;
export type GuideWords = Words;
export type MessageButton = Button;
export type MessagePage = TimelinePage;
export type LabelColor = NonNullable<NewLabel["color"]>;
export type ReplyLimits = ChannelLimits;
export type ReplyWindow = Window;
export type StoredFile = UploadedFile;
export type TextUnit = ChannelLimits["text_unit"];
export type WebhookAttempt = AttemptView;
export type WebhookView = EndpointView;

/** How many rows each tab of the queue has. */
export interface QueueCounts {
  mine: number;
  unassigned: number;
  open: number;
  resolved: number;
}

/** Body of the event `message.state`, which no HTTP answer carries. */
export interface MessageStateChange {
  message_id: string;
  state: MessageState;
  failure: string;
  failure_code: string;
}

/** What a refusal looks like (problem+json). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  field?: string;
}

/** The body of `contact.merged` and `contact.split`. */
export interface Regrouped {
  contact_id: string;
  other_id: string;
  identity_ids: string[];
  by: string;
  why_en: string;
  why_ru: string;
}
