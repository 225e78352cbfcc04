/** Where a contact came from: pages and links, with what their addresses told. */
import type { TouchpointView } from "@otklik/client";
import { moment } from "../../../shell/time.ts";
import { isWord, t } from "../../../shell/words.ts";
import css from "./contact-pane.module.css";

const FACTS = [
  "utm_source",
  "utm_medium",
  "utm_campaign",
  "utm_term",
  "utm_content",
  "referrer",
  "device",
];

export function Touchpoints({ touchpoints }: { touchpoints: TouchpointView[] }) {
  if (touchpoints.length === 0) return <p className={css.fine}>{t("contact.noTouchpoints")}</p>;
  const sorted = [...touchpoints].sort((one, other) => other.at - one.at);
  return (
    <ul className={css.list}>
      {sorted.map((touch) => (
        <li key={touch.id} className={css.touch}>
          <span className={css.fine}>
            {t(touch.kind === "page" ? "contact.page" : "contact.deepLink")}
            {" · "}
            {moment(touch.at, "full")}
          </span>
          <span className={css.source}>{touch.details.title || touch.source}</span>
          <Facts details={touch.details} />
        </li>
      ))}
    </ul>
  );
}

function Facts({ details }: { details: Record<string, string> }) {
  const known = FACTS.filter((name) => details[name]);
  if (known.length === 0) return null;
  return (
    <dl className={css.facts}>
      {known.map((name) => {
        const key = `contact.${name}`;
        return <Fact key={name} name={isWord(key) ? t(key) : name} value={details[name] ?? ""} />;
      })}
    </dl>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
