/** A row of cards to leaf through: picture, words, buttons. */
import type { Card } from "@otklik/client";
import { t } from "../../../../shell/words.ts";
import { fileAddress } from "../../api.ts";
import css from "./basket.module.css";

export function Cards({ cards }: { cards: readonly Card[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section className={css.cards} tabIndex={0} aria-label={t("kind.cards")}>
      {cards.map((card) => (
        <span key={`${card.title}${card.file_id ?? ""}`} className={css.card}>
          {card.file_id ? <img src={fileAddress(card.file_id)} alt="" loading="lazy" /> : null}
          <b>{card.title}</b>
          {card.text ? <span className={css.fine}>{card.text}</span> : null}
          {(card.buttons ?? []).flat().map((button) => (
            <span key={button.label} className={css.button} title={button.url ?? button.payload}>
              {button.label}
            </span>
          ))}
        </span>
      ))}
    </section>
  );
}
