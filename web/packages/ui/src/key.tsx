/** A keyboard key, drawn. */
import css from "./key.module.css";

export function Key({ children }: { children: string }) {
  return <kbd className={css.key}>{children}</kbd>;
}
