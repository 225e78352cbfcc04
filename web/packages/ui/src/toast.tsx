/** Short news at the bottom of the screen, with a way back where there is one. */
import { useSyncExternalStore } from "react";
import css from "./toast.module.css";

export interface Toast {
  text: string;
  tone?: "plain" | "error";
  action?: { label: string; run: () => void };
}

interface Shown extends Toast {
  key: number;
}

const LASTS_MS = 6000;
let shown: readonly Shown[] = [];
let nextKey = 1;
const listeners = new Set<() => void>();

function set(next: readonly Shown[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

/** Show a toast for six seconds; at most three stand at once. */
export function toast(news: Toast): void {
  const key = nextKey++;
  set([...shown.slice(-2), { ...news, key }]);
  setTimeout(() => dismiss(key), LASTS_MS);
}

function dismiss(key: number): void {
  set(shown.filter((one) => one.key !== key));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const toasts = useSyncExternalStore(subscribe, () => shown);
  return (
    <div className={css.stack} role="status" aria-live="polite">
      {toasts.map((one) => (
        <div key={one.key} className={css.toast} data-tone={one.tone ?? "plain"}>
          <span>{one.text}</span>
          {one.action ? (
            <button
              type="button"
              className={css.action}
              onClick={() => {
                one.action?.run();
                dismiss(one.key);
              }}
            >
              {one.action.label}
            </button>
          ) : null}
        </div>
      ))}
    </div>
  );
}
