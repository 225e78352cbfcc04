/** One message, or an album: quote, media, words, buttons, reactions. */
import type { MessageView } from "@otklik/client";
import { IconArrowForwardUp, IconTrash } from "@tabler/icons-react";
import { t } from "../../../shell/words.ts";
import { RichText } from "../rich-text.tsx";
import type { Group } from "../timeline.ts";
import css from "./bubble.module.css";
import { BubbleActions } from "./bubble-actions.tsx";
import { LetterHead } from "./letter/letter-head.tsx";
import { LetterRest } from "./letter/letter-rest.tsx";
import { MediaView } from "./media/media.tsx";
import { Quote } from "./quote.tsx";

/** Kinds that carry their own shape and need no paper under them. */
const BARE = new Set(["sticker"]);

export function Bubble({ messages, side }: { messages: MessageView[]; side: Group["side"] }) {
  const message = messages[0];
  if (!message) return null;
  const worded = messages.find((one) => one.text !== "") ?? message;
  const gone = messages.every((one) => one.deleted_at !== null);
  const bare = !gone && (BARE.has(message.kind) || isRoundVideo(message));
  const media = messages.flatMap((one) => one.attachments).filter((one) => one.format !== "letter");
  return (
    <div className={css.holder} data-side={side} data-message={message.id}>
      <div
        className={css.bubble}
        data-side={side}
        data-bare={bare}
        data-media={!(bare || gone) && isVisual(message)}
        data-gone={gone}
      >
        {gone ? (
          <span className={css.gone}>
            <IconTrash size={14} /> {t("message.deleted")}
          </span>
        ) : (
          <Body message={message} worded={worded} media={media} />
        )}
      </div>
      {gone ? null : <Buttons message={worded} />}
      <Reactions messages={messages} />
      {gone ? null : <BubbleActions message={worded} side={side} />}
    </div>
  );
}

function Body({
  message,
  worded,
  media,
}: {
  message: MessageView;
  worded: MessageView;
  media: MessageView["attachments"];
}) {
  const { forwarded_from: forwarded } = message.content;
  return (
    <>
      {forwarded ? (
        <span className={css.forwarded}>
          <IconArrowForwardUp size={14} /> {t("message.forwarded", { name: forwarded })}
        </span>
      ) : null}
      {message.reply_to_id ? <Quote id={message.reply_to_id} near={message} /> : null}
      <LetterHead message={message} />
      <MediaView message={message} attachments={media} />
      <Words message={worded} />
      <LetterRest message={message} />
    </>
  );
}

function Words({ message }: { message: MessageView }) {
  if (message.kind === "press") {
    return (
      <span className={css.press}>
        {t("message.pressed")} <b>{message.text}</b>
      </span>
    );
  }
  if (message.kind === "unsupported") {
    return <span className={css.gone}>{t("message.unsupported", { name: message.text })}</span>;
  }
  const nothing = message.text === "" && message.attachments.length === 0;
  if (nothing && message.kind === "text") {
    return <span className={css.gone}>{t("message.empty")}</span>;
  }
  if (!message.text) return null;
  return (
    <span className={css.words}>
      <RichText text={message.text} entities={message.content.entities ?? []} />
    </span>
  );
}

function Buttons({ message }: { message: MessageView }) {
  const rows = message.content.buttons ?? [];
  if (rows.length === 0) return null;
  return (
    <div className={css.buttons}>
      {rows.map((row) => (
        <div key={row.map((one) => one.label).join("|")} className={css.buttonRow}>
          {row.map((one) => (
            <span
              key={`${one.label}${one.payload ?? one.url ?? ""}`}
              className={css.button}
              title={one.url ?? one.payload}
            >
              {one.label}
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}

function Reactions({ messages }: { messages: MessageView[] }) {
  const reactions = messages.flatMap((one) => one.reactions);
  if (reactions.length === 0) return null;
  const counts = new Map<string, number>();
  for (const { emoji } of reactions) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
  return (
    <div className={css.reactions}>
      {[...counts].map(([emoji, count]) => (
        <span key={emoji} className={css.reaction}>
          {emoji}
          {count > 1 ? <span>{count}</span> : null}
        </span>
      ))}
    </div>
  );
}

function isVisual(message: MessageView): boolean {
  if (message.kind === "location") return true;
  const visual = message.kind === "picture" || message.kind === "video";
  return visual && message.attachments.some((one) => one.state === "stored");
}

function isRoundVideo(message: MessageView): boolean {
  return message.attachments.some((one) => one.round);
}
