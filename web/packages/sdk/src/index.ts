/** The chat of a business inside its own app, over Otklik's visitor protocol. */
export { type Chat, connect, type FileLike, type Message, type Options } from "./chat.ts";
export type { Storage } from "./kept.ts";
export type { News } from "./news.ts";
export type { Entity, Look, Press, Session, Touch, VisitorAttachment } from "./protocol.gen.ts";
export { Refused } from "./server.ts";
