/** What travels over the sockets. */
export * from "./desk.ts";
