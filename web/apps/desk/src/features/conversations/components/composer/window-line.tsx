/** Beside the address: how long the platform still lets us answer there. */
import { DAY, HOUR, MINUTE, span } from "../../../../shell/time.ts";
import { t } from "../../../../shell/words.ts";
import type { Standing } from "../../reply-window.ts";
import css from "./composer.module.css";

interface Props {
  standing: Standing;
  now: number;
}

export function WindowLine({ standing, now }: Props) {
  if (standing.kind !== "open" && standing.kind !== "human") return null;
  const left = standing.until - now;
  const words = standing.kind === "open" ? "window.open" : "window.human";
  return (
    <span className={css.window} data-soon={left < HOUR || standing.kind === "human"}>
      <span className={css.windowWords}>{t(words, { span: leftOver(left) })}</span>
      <span className={css.windowBrief} aria-hidden="true">
        {leftOver(left)}
      </span>
    </span>
  );
}

/** A span that is running out: hours with minutes, days alone. */
function leftOver(ms: number): string {
  if (ms >= DAY || ms < HOUR) return span(Math.max(ms, MINUTE));
  return t("window.hours", { h: Math.floor(ms / HOUR), m: Math.floor((ms % HOUR) / MINUTE) });
}
