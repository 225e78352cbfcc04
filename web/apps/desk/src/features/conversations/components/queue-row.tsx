/** One conversation in the queue: two lines that say who, how long, and what. */
import type { LabelView, QueueRow } from "@otklik/client";
import { Face, LabelDot } from "@otklik/ui";
import { IconCornerUpLeft, IconLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { nameOf, pictureOf } from "../../../shell/naming.ts";
import { useNow } from "../../../shell/now.ts";
import { brief, moment, span } from "../../../shell/time.ts";
import { useTyping } from "../../../shell/typing.ts";
import { t } from "../../../shell/words.ts";
import { useDraft } from "../drafts.ts";
import { previewText, type QueueSearch, urgency } from "../model.ts";
import css from "./queue-row.module.css";

interface Props {
  row: QueueRow;
  search: QueueSearch;
  labels: Map<string, LabelView>;
}

export const QueueRowLink = memo(function QueueRowLink({ row, search, labels }: Props) {
  const name = nameOf(row.contact_name, row.contact_id);
  return (
    <Link
      to="/conversations/$conversationId"
      params={{ conversationId: row.id }}
      search={{ ...search, at: undefined }}
      className={css.row ?? ""}
      data-unread={row.unread > 0}
      draggable={false}
    >
      <Face
        name={name}
        seed={row.contact_id}
        channel={row.channel}
        picture={pictureOf(row.picture_id)}
      />
      <span className={css.lines}>
        <span className={css.line}>
          <span className={css.name}>{name}</span>
          <Labels row={row} labels={labels} />
          <Clock row={row} />
        </span>
        <span className={css.line}>
          <Preview row={row} />
          {row.unread > 0 ? (
            <span className={css.unread}>
              <span className="visually-hidden">{t("queue.unread", { n: row.unread })}</span>
              <span aria-hidden="true">{row.unread > 99 ? "99+" : row.unread}</span>
            </span>
          ) : null}
        </span>
      </span>
    </Link>
  );
});

function Clock({ row }: { row: QueueRow }) {
  const now = useNow();
  if (row.waiting_since === null) {
    return (
      <time className={css.time} title={moment(row.last_message_at, "full")}>
        {brief(row.last_message_at, now)}
      </time>
    );
  }
  const waited = Math.max(0, now - row.waiting_since);
  return (
    <span
      className={css.wait}
      data-urgency={urgency(waited)}
      title={t("queue.waiting", { span: span(waited) })}
    >
      {span(waited)}
    </span>
  );
}

function Preview({ row }: { row: QueueRow }) {
  const draft = useDraft(row.id);
  const typing = useTyping(row.id);
  if (typing && !typing.colleague) {
    return (
      <span className={css.preview} data-tone="typing">
        {typing.text ? t("queue.typingText", { text: typing.text }) : t("queue.typing")}
      </span>
    );
  }
  if (draft) {
    return (
      <span className={css.preview}>
        <span className={css.draft}>{t(draft.note ? "queue.draftNote" : "queue.draft")}</span>
        {draft.text}
      </span>
    );
  }
  const ours = row.preview_author === "operator" || row.preview_author === "bot";
  return (
    <span className={css.preview}>
      {row.preview_kind === "note" ? (
        <IconLock className={css.ours} size={14} stroke={1.8} aria-label={t("kind.note")} />
      ) : ours ? (
        <IconCornerUpLeft
          className={css.ours}
          size={14}
          stroke={1.8}
          aria-label={t("queue.ours")}
        />
      ) : null}
      {previewText(row)}
    </span>
  );
}

function Labels({ row, labels }: { row: QueueRow; labels: Map<string, LabelView> }) {
  const known = row.label_ids.map((id) => labels.get(id)).filter((label) => label !== undefined);
  if (known.length === 0) return null;
  return (
    <span className={css.labels} title={known.map((label) => label.title).join(", ")}>
      {known.slice(0, 3).map((label) => (
        <LabelDot key={label.id} color={label.color} />
      ))}
      {known.length === 1 ? <span className={css.label}>{known[0]?.title}</span> : null}
    </span>
  );
}
