/** How wide the screen is, for what CSS alone cannot decide. */
import { useSyncExternalStore } from "react";

/** Follow a media query. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
  );
}

/** The menu has room for words. */
export const WIDE = "(min-width: 1400px)";
/** The contact pane has room beside the thread. */
export const PANE = "(min-width: 1180px)";
/** Queue and thread side by side. */
export const PAIR = "(min-width: 960px)";
