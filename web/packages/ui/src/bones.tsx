/** Placeholder bars, shown only when the wait is long enough to be noticed. */
import { useEffect, useState } from "react";
import css from "./bones.module.css";

const NOTICED_MS = 150;

/** True once the component has been on screen for 150 ms. */
export function useLate(): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), NOTICED_MS);
    return () => clearTimeout(timer);
  }, []);
  return late;
}

const ROWS = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

interface Props {
  rows?: number;
  shape?: "row" | "line" | "bubble";
}

export function Bones({ rows = 6, shape = "line" }: Props) {
  if (!useLate()) return null;
  return (
    <div className={css.bones} aria-hidden="true">
      {ROWS.slice(0, rows).map((key) => (
        <div key={key} className={css[shape]} />
      ))}
    </div>
  );
}
