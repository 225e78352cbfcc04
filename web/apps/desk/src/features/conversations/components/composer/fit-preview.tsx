/** Above the field: what the channel will make of the answer, in words and in small bubbles. */
import type { Preview } from "@otklik/client";
import { channelTitle } from "../../../../shell/naming.ts";
import { isWord, t } from "../../../../shell/words.ts";
import css from "./composer.module.css";

const SHOWN = 3;

interface Props {
  preview: Preview | undefined;
  channel: string;
}

export function FitPreview({ preview, channel }: Props) {
  if (!preview || preview.changes.length === 0) return null;
  const { changes, parts } = preview;
  return (
    <section className={css.fit} aria-label={t("fit.title", { channel: channelTitle(channel) })}>
      <p className={css.fitTitle}>
        {t("fit.title", { channel: channelTitle(channel) })}
        {parts.length > 1 ? <b>{t("fit.parts", { n: parts.length })}</b> : null}
      </p>
      <ul className={css.changes}>
        {changes.map((change) => (
          <li key={change}>{sentenceOf(change)}</li>
        ))}
      </ul>
      <div className={css.parts}>
        {parts.slice(0, SHOWN).map((part) => (
          <Part key={`${part.kind}${part.text}${part.file_ids.join()}`} part={part} />
        ))}
        {parts.length > SHOWN ? <span className={css.hint}>+{parts.length - SHOWN}</span> : null}
      </div>
    </section>
  );
}

function Part({ part }: { part: Preview["parts"][number] }) {
  const labels = part.buttons.flat().map((button) => button.label);
  const kind = `kind.${part.kind}`;
  return (
    <p className={css.part}>
      {part.kind !== "text" && isWord(kind) ? <b>{t(kind)} </b> : null}
      {part.text}
      {labels.length > 0 ? (
        <span className={css.hint}>{t("fit.buttons", { labels: labels.join(" · ") })}</span>
      ) : null}
    </p>
  );
}

/** What a change means for the person, in words. */
function sentenceOf(change: string): string {
  const key = `fit.${change}`;
  return isWord(key) ? t(key) : change;
}
