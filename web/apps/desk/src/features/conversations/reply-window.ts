/** How long a platform still lets us answer, as `otklik/ports/reply_window.py` counts it. */
import type { ReplyWindow } from "@otklik/client";

export type Standing =
  | { kind: "always" }
  | { kind: "open" | "human"; until: number }
  | { kind: "closed" };

/** Who may still answer: anyone, only a person by hand, or nobody without a template. */
export function standingOf(
  window: ReplyWindow | undefined,
  windowUntil: number,
  now: number,
): Standing {
  const reply = window?.reply_s ?? 0;
  if (reply === 0) return { kind: "always" };
  if (now < windowUntil) return { kind: "open", until: windowUntil };
  const until = windowUntil + Math.max((window?.human_s ?? 0) - reply, 0) * 1000;
  return windowUntil > 0 && now < until ? { kind: "human", until } : { kind: "closed" };
}
