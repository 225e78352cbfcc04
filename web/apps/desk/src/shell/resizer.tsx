/** The line between two panes: drag it, or move it with the arrow keys. */
import type { KeyboardEvent, PointerEvent } from "react";
import css from "./resizer.module.css";

interface Props {
  label: string;
  value: number;
  min: number;
  max: number;
  /** Which pane grows when the line moves to the right. */
  grows: "left" | "right";
  onChange: (value: number) => void;
}

const STEP = 16;

export function Resizer({ label, value, min, max, grows, onChange }: Props) {
  const sign = grows === "left" ? 1 : -1;
  const set = (next: number) => onChange(Math.round(Math.min(max, Math.max(min, next))));
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const line = event.currentTarget;
    const from = event.clientX;
    line.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => set(value + sign * (moved.clientX - from));
    line.addEventListener("pointermove", move);
    line.addEventListener(
      "lostpointercapture",
      () => line.removeEventListener("pointermove", move),
      {
        once: true,
      },
    );
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "ArrowRight") set(value + sign * STEP);
    else if (event.key === "ArrowLeft") set(value - sign * STEP);
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be moved
    <div
      className={css.resizer}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={press}
    />
  );
}
