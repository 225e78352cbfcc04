/** A line nobody wrote: assigned, resolved, blocked. */
import type { MessageView } from "@otklik/client";
import { moment } from "../../../shell/time.ts";
import { isWord, t } from "../../../shell/words.ts";
import css from "./system-line.module.css";

export function SystemLine({ message }: { message: MessageView }) {
  return (
    <p className={css.line} data-message={message.id} title={moment(message.sent_at, "full")}>
      {systemText(message)} · <time>{moment(message.sent_at, "clock")}</time>
    </p>
  );
}

/** What happened, in words; an unknown happening keeps the server's own text. */
export function systemText(message: MessageView): string {
  const { system = "", details = {}, author_name: actor = "" } = message.content;
  const to = details.operator ?? "";
  const own = system === "assigned" && actor !== "" && actor === to;
  const key = own ? "system.taken" : `system.${system}${actor === "" ? ".nobody" : ""}`;
  const values = { ...details, actor, to };
  if (isWord(key)) return t(key, values);
  const plain = `system.${system}`;
  return isWord(plain) ? t(plain, values) : message.text || system;
}
