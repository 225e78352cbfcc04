/** The text field of the reply box, as other parts may touch it. */
import { useCallback, useRef } from "react";

/** Focus the field, or put text where the cursor stands. */
export function useFieldFocus() {
  const ref = useRef<HTMLTextAreaElement>(null);
  const focus = useCallback(() => ref.current?.focus(), []);
  const insert = useCallback((piece: string) => {
    const field = ref.current;
    if (!field) return;
    field.focus();
    // The one way that keeps the browser's own undo; it fires `input`, which React hears.
    document.execCommand("insertText", false, piece);
  }, []);
  return { ref, focus, insert };
}
