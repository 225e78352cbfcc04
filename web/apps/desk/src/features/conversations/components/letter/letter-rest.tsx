/** What stands below a letter: the quotation behind "…", and the letter as it was sent. */
import type { MessageView } from "@otklik/client";
import { lazy, Suspense, useState } from "react";
import { t } from "../../../../shell/words.ts";
import css from "./letter.module.css";

const LetterFrame = lazy(() => import("./letter-frame.tsx"));

export function LetterRest({ message }: { message: MessageView }) {
  const [quoted, setQuoted] = useState(false);
  const [page, setPage] = useState(false);
  const quotation = message.content.details?.["quoted"];
  const fileId = pageOf(message);
  if (!(quotation || fileId)) return null;
  return (
    <span className={css.rest}>
      {quotation ? (
        <button
          type="button"
          className={css.more}
          aria-expanded={quoted}
          aria-label={t("letter.quoted")}
          title={t("letter.quoted")}
          onClick={() => setQuoted(!quoted)}
        >
          …
        </button>
      ) : null}
      {fileId ? (
        <button
          type="button"
          className={css.open}
          aria-expanded={page}
          onClick={() => setPage(!page)}
        >
          {page ? t("letter.hidePage") : t("letter.showPage")}
        </button>
      ) : null}
      {quoted ? <span className={css.quotation}>{quotation}</span> : null}
      {page && fileId ? (
        <Suspense>
          <LetterFrame fileId={fileId} />
        </Suspense>
      ) : null}
    </span>
  );
}

/** The file that holds the page of a letter, once it is here. */
function pageOf(message: MessageView): string | undefined {
  const page = message.attachments.find((one) => one.format === "letter");
  return page?.state === "stored" ? (page.file_id ?? undefined) : undefined;
}
