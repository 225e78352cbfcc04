/** What the reply answers, or what is being changed. */
import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { t } from "../../../../shell/words.ts";
import { authorOf, quoteText } from "../../model.ts";
import { useThread } from "../thread-context.tsx";
import css from "./composer.module.css";

export function Above() {
  const { replyTo, setReplyTo, editing, setEditing } = useThread();
  const message = editing ?? replyTo;
  if (!message) return null;
  const drop = () => {
    setEditing(undefined);
    setReplyTo(undefined);
  };
  return (
    <div className={css.above}>
      <span className={css.aboveText}>
        <b>{editing ? t("composer.editing") : authorOf(message)}</b>
        <span>{quoteText(message)}</span>
      </span>
      <ActionIcon size={28} aria-label={t("action.cancel")} onClick={drop}>
        <IconX size={16} />
      </ActionIcon>
    </div>
  );
}
