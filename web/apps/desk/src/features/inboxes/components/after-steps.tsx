/** What is left to do at the platform, with what to paste there ready to be copied. */
import type { GuideWords, InboxView } from "@otklik/client";
import { useQuery } from "@tanstack/react-query";
import { CopyLine } from "../../../shell/once.tsx";
import { t } from "../../../shell/words.ts";
import { handoverQuery } from "../api.ts";
import { inOwnWords, pieces } from "../model.ts";
import css from "./inbox.module.css";

interface Props {
  inbox: InboxView;
  steps: readonly GuideWords[];
}

export function AfterSteps({ inbox, steps }: Props) {
  // A site chat has a line of its own to paste, and no platform.
  const shown = inbox.channel !== "widget" && steps.length > 0;
  const { data } = useQuery({ ...handoverQuery(inbox.id), enabled: shown });
  if (!(shown && data)) return null;
  const values = {
    address: data.address,
    verify_token: data.verify_token,
    server: location.origin,
    public_key: inbox.public_key,
  };
  const words = steps.map((step) => inOwnWords(step));
  const token = words.some((text) => text.includes("{verify_token}")) ? data.verify_token : "";
  return (
    <section className={css.part}>
      <h2 className={css.heading}>{t("connect.after")}</h2>
      <ol className={words.length === 1 ? css.only : css.steps}>
        {words.map((text) => (
          <li key={text}>
            {pieces(text, values).map((piece) =>
              piece.copied ? (
                <code key={piece.text} className={css.code}>
                  {piece.text}
                </code>
              ) : (
                piece.text
              ),
            )}
          </li>
        ))}
      </ol>
      {token ? (
        <>
          <p className={css.fine}>{t("connect.verifyToken")}</p>
          <CopyLine label={t("connect.verifyToken")} value={token} />
        </>
      ) : null}
    </section>
  );
}
