/** A contact somebody shared. */
import type { ContactCard } from "@otklik/client";
import { Face } from "@otklik/ui";
import { t } from "../../../../shell/words.ts";
import css from "./media.module.css";

export function CardView({ card }: { card: ContactCard }) {
  return (
    <a className={css.card} href={`tel:${card.phone.replace(/[^\d+]/g, "")}`}>
      <Face name={card.name} seed={card.phone} />
      <span className={css.about}>
        <span className={css.name}>{card.name}</span>
        <span className={css.fine}>
          {card.phone}
          {card.own ? ` · ${t("media.ownPhone")}` : ""}
        </span>
      </span>
    </a>
  );
}
