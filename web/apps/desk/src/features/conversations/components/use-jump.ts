/** Jumping to one message of a long timeline, loading pages until it is there. */
import type { MessageView } from "@otklik/client";
import { type RefObject, useEffect, useRef } from "react";

const SHINE_MS = 1600;
const SETTLES_FRAMES = 12;

interface Pages {
  hasNextPage: boolean;
  isFetching: boolean;
  fetchNextPage: () => unknown;
}

/** Scroll to the message with this number once it is loaded, and let it shine for a moment. */
export function useJump(
  at: number | undefined,
  messages: readonly MessageView[],
  pages: Pages,
  scroller: RefObject<HTMLElement | null>,
): void {
  const done = useRef<number>(undefined);
  const oldest = messages[0]?.seq;
  const { hasNextPage, isFetching, fetchNextPage } = pages;
  useEffect(() => {
    if (at === undefined || done.current === at || oldest === undefined) return;
    if (oldest > at && hasNextPage) {
      if (!isFetching) fetchNextPage();
      return;
    }
    done.current = at;
    const message = messages.find((one) => one.seq >= at);
    if (message) shine(scroller.current, message.id);
  }, [at, oldest, hasNextPage, isFetching, fetchNextPage, messages, scroller]);
}

/** Bring a message into view and mark it for a moment. */
export function shine(root: HTMLElement | null, messageId: string): void {
  const bubble = root?.querySelector(`[data-message="${CSS.escape(messageId)}"]`);
  if (!(bubble instanceof HTMLElement)) return;
  arrive(bubble, SETTLES_FRAMES);
  bubble.dataset.shining = "";
  setTimeout(() => delete bubble.dataset.shining, SHINE_MS);
}

/** Heights of what was never drawn are guesses: go there again while they become known. */
function arrive(bubble: HTMLElement, frames: number): void {
  bubble.scrollIntoView({ block: "center" });
  if (frames > 0) requestAnimationFrame(() => arrive(bubble, frames - 1));
}
