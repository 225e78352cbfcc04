/** The small sign of a channel: one shape and one colour everywhere. */
import type { JSX } from "react";
import css from "./channel-mark.module.css";

const SHAPES: Record<string, JSX.Element> = {
  telegram: <path d="M3.2 7.9 12.6 4.2 10.9 12.2 7.9 9.9 6.3 11.5 6.1 9 10.3 5.9 5.3 8.9z" />,
  widget: (
    <path d="M4 4.2h8a.9.9 0 0 1 .9.9v4.4a.9.9 0 0 1-.9.9H8.3L5.8 12.5v-2.1H4a.9.9 0 0 1-.9-.9V5.1a.9.9 0 0 1 .9-.9z" />
  ),
};

const OTHER = <circle cx="8" cy="8" r="3" />;

interface Props {
  channel: string;
  size?: number;
  /** Read aloud; leave out where the name stands beside it. */
  title?: string;
}

export function ChannelMark({ channel, size = 16, title }: Props) {
  const known = channel in SHAPES ? channel : "other";
  return (
    <svg
      className={css.mark}
      data-channel={known}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      role="img"
      aria-hidden={title === undefined}
      aria-label={title}
    >
      <title>{title}</title>
      {known === "widget" ? (
        <rect className={css.ground} width="16" height="16" rx="5" />
      ) : (
        <circle className={css.ground} cx="8" cy="8" r="8" />
      )}
      <g className={css.shape}>{SHAPES[channel] ?? OTHER}</g>
    </svg>
  );
}
