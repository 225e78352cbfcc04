/** What stands above a letter: its subject, and who else read it. */
import type { MessageView } from "@otklik/client";
import { t } from "../../../../shell/words.ts";
import css from "./letter.module.css";

export function LetterHead({ message }: { message: MessageView }) {
  const { subject, details } = message.content;
  const copies = details?.["cc"];
  if (!(subject || copies)) return null;
  return (
    <span className={css.head}>
      {subject ? <b className={css.subject}>{subject}</b> : null}
      {copies ? <span className={css.copies}>{t("letter.copies", { names: copies })}</span> : null}
    </span>
  );
}
