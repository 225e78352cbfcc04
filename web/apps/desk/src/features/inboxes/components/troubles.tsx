/** What is wrong with an inbox: the connection, the last failed answer, the platform's own news. */
import type { InboxView } from "@otklik/client";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { moment } from "../../../shell/time.ts";
import { isWord, t } from "../../../shell/words.ts";
import { failureQuery, newsQuery } from "../api.ts";
import { remedyOf } from "../model.ts";
import css from "./inbox.module.css";

const SHOWN = 5;

export function Troubles({ inbox }: { inbox: InboxView }) {
  const failure = useQuery(failureQuery(inbox.id)).data;
  const news = useQuery(newsQuery(inbox.id)).data ?? [];
  return (
    <>
      {inbox.state === "needs_attention" ? (
        <p className={css.remedy} role="alert">
          {remedyOf(inbox.state_reason)}
        </p>
      ) : null}
      {failure ? (
        <p className={css.notice}>
          <IconAlertTriangle size={18} stroke={1.7} />
          <span>
            <b>{t("inbox.lastFailure", { when: moment(failure.at, "full") })}</b>{" "}
            {failureWord(failure.failure)}
            {failure.detail ? <code className={css.detail}>{failure.detail}</code> : null}
          </span>
        </p>
      ) : null}
      {news.length > 0 ? (
        <section className={css.part}>
          <h2 className={css.heading}>{t("inbox.news")}</h2>
          <ul className={css.news}>
            {news.slice(0, SHOWN).map((one) => (
              <li key={`${one.at}${one.what}${one.detail}`} data-trouble={one.is_trouble}>
                {one.is_trouble ? (
                  <IconAlertTriangle size={16} stroke={1.7} />
                ) : (
                  <IconInfoCircle size={16} stroke={1.7} />
                )}
                <span>
                  <b>{one.what}</b> {one.detail}
                  <time className={css.fine}>{moment(one.at, "full")}</time>
                </span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}

function failureWord(failure: string): string {
  const key = `failure.${failure}`;
  return isWord(key) ? t(key) : t("failure.other");
}
