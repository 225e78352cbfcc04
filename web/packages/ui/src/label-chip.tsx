/** A label: a dot of its colour and its title. */
import css from "./label-chip.module.css";

/** The names a label's colour may have, in the order they are offered. */
export const LABEL_COLORS = [
  "gray",
  "red",
  "amber",
  "green",
  "teal",
  "blue",
  "violet",
  "pink",
] as const;

export function LabelDot({ color }: { color: string }) {
  return <span className={css.dot} data-color={color} aria-hidden="true" />;
}

export function LabelChip({ title, color }: { title: string; color: string }) {
  return (
    <span className={css.chip}>
      <LabelDot color={color} />
      <span className={css.title}>{title}</span>
    </span>
  );
}
