/** The state of the connection, and the socket behind it. */
import type { View } from "@otklik/wire";
import { useEffect, useSyncExternalStore } from "react";
import { isRegrouping, live, liveTicket } from "./live.ts";
import { DeskSocket, type Link } from "./socket.ts";
import { heardWords, takeTyping } from "./typing.ts";

let state: Link = "connecting";
const listeners = new Set<() => void>();
const backHearers = new Set<() => void>();
const views = new Map<View, number>();
let onSignedOut: () => void = () => undefined;

export const socket = new DeskSocket({
  ticket: liveTicket,
  open: (ticket) => {
    const base = location.origin.replace(/^http/, "ws");
    return new WebSocket(`${base}/api/v1/live?ticket=${encodeURIComponent(ticket)}`);
  },
  events: (events) => {
    live.take(events);
    heardWords(events);
    // The conversation's contact is another one now, and so is what there is to hear of them.
    if (events.some(isRegrouping)) socket.followAnew();
  },
  typing: takeTyping,
  followed: (fresh, seq) => live.followed(fresh, seq),
  link: (next) => {
    state = next;
    for (const listener of listeners) listener();
    if (next === "live") for (const hear of backHearers) hear();
  },
  signedOut: () => onSignedOut(),
});

/** Whom to call when the server ends the session. */
export function whenSignedOut(call: () => void): void {
  onSignedOut = call;
}

/** Be told each time the connection is there. */
export function whenConnected(hear: () => void): () => void {
  backHearers.add(hear);
  return () => backHearers.delete(hear);
}

/** Follow the state of the connection. */
export function useLink(): Link {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/** Receive the events of a view while the component is on screen. */
export function useFollow(view: View): void {
  useEffect(() => {
    views.set(view, (views.get(view) ?? 0) + 1);
    socket.follow(views.keys());
    return () => {
      const left = (views.get(view) ?? 1) - 1;
      if (left > 0) views.set(view, left);
      else views.delete(view);
      // A change of conversation leaves one view and enters another: one frame tells both.
      queueMicrotask(() => socket.follow(views.keys()));
    };
  }, [view]);
}
