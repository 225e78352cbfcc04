/** An order a person put together in the messenger, and the product they ask about. */
import type { Basket } from "@otklik/client";
import { IconShoppingBag } from "@tabler/icons-react";
import { t } from "../../../../shell/words.ts";
import { money } from "../../money.ts";
import css from "./basket.module.css";

export function BasketView({ basket }: { basket: Basket }) {
  const { items = [], total, currency = "", note, external_id: number } = basket;
  return (
    <span className={css.basket}>
      <b className={css.title}>
        <IconShoppingBag size={16} stroke={1.7} />
        {t("order.title")} {number}
      </b>
      {items.map((item) => (
        <span key={item.product_id} className={css.line}>
          <span className={css.name}>
            {t("order.pieces", { n: item.quantity ?? 1 })} {item.title || item.product_id}
          </span>
          <span className={css.price}>{money(item.price ?? "", item.currency ?? currency)}</span>
        </span>
      ))}
      {total ? (
        <span className={css.line} data-total="">
          <span className={css.name}>{t("order.total")}</span>
          <span className={css.price}>{money(total, currency || (items[0]?.currency ?? ""))}</span>
        </span>
      ) : null}
      {note ? <span className={css.note}>{note}</span> : null}
      <span className={css.fine}>{t("order.check")}</span>
    </span>
  );
}

export function ProductLine({ product }: { product: string }) {
  return (
    <span className={css.product}>
      <IconShoppingBag size={16} stroke={1.7} />
      {t("message.about")} <b>{product}</b>
    </span>
  );
}
