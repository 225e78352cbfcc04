/** A screen with nothing on it yet: what this is, and the one next action. */
import type { ReactNode } from "react";
import css from "./blank.module.css";

interface Props {
  icon: ReactNode;
  title: string;
  text?: string | undefined;
  action?: ReactNode;
  tone?: "quiet" | "error";
}

export function Blank({ icon, title, text, action, tone = "quiet" }: Props) {
  return (
    <div className={css.blank} data-tone={tone} role={tone === "error" ? "alert" : undefined}>
      <span className={css.icon}>{icon}</span>
      <p className={css.title}>{title}</p>
      {text ? <p className={css.text}>{text}</p> : null}
      {action ? <div className={css.action}>{action}</div> : null}
    </div>
  );
}
