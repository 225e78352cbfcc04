/** A letter as it was sent, in a frame that runs nothing; pictures from elsewhere on request. */
import { useState } from "react";
import { t } from "../../../../shell/words.ts";
import { letterAddress } from "../../api.ts";
import css from "./letter.module.css";

export default function LetterFrame({ fileId }: { fileId: string }) {
  const [pictures, setPictures] = useState(false);
  return (
    <span className={css.page}>
      {pictures ? null : (
        <button type="button" className={css.open} onClick={() => setPictures(true)}>
          {t("letter.pictures")}
        </button>
      )}
      <iframe
        className={css.frame}
        title={t("letter.page")}
        src={letterAddress(fileId, pictures)}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        loading="lazy"
      />
    </span>
  );
}
