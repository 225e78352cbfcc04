// A menu closes when somebody presses Escape or looks elsewhere.

import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

export function useAway(
  place: RefObject<HTMLElement | null>,
  open: boolean,
  close: () => void,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `close` does the same
  useEffect(() => {
    if (!open) return undefined;
    const pressed = (event: PointerEvent) => {
      if (!place.current?.contains(event.target as Node)) close();
    };
    const keyed = (event: KeyboardEvent) => {
      if (event.key === "Escape") close();
    };
    document.addEventListener("pointerdown", pressed);
    document.addEventListener("keydown", keyed);
    return () => {
      document.removeEventListener("pointerdown", pressed);
      document.removeEventListener("keydown", keyed);
    };
  }, [open, place]);
}
