/** The small sign of a channel: one shape and one colour everywhere. */
import type { JSX } from "react";
import css from "./channel-mark.module.css";

const SHAPES: Record<string, JSX.Element> = {
  telegram: <path d="M3.2 7.9 12.6 4.2 10.9 12.2 7.9 9.9 6.3 11.5 6.1 9 10.3 5.9 5.3 8.9z" />,
  widget: (
    <path d="M4 4.2h8a.9.9 0 0 1 .9.9v4.4a.9.9 0 0 1-.9.9H8.3L5.8 12.5v-2.1H4a.9.9 0 0 1-.9-.9V5.1a.9.9 0 0 1 .9-.9z" />
  ),
  vk: <path d="M3.6 4.5h2.3L8 9l2.1-4.5h2.3L9.1 11.6H6.9z" />,
  max: <path d="M3.8 11.7V4.4h1.8L8 8l2.4-3.6h1.8v7.3h-1.8V7.5L8 10.9 5.6 7.5v4.2z" />,
  whatsapp: (
    <path d="M5.1 3.8 6.6 3.6l1 2.3-1 1c.5 1 1.3 1.8 2.3 2.3l1-1 2.3 1-.2 1.5c-.1.7-.8 1.1-1.5 1C7 11.2 4.6 8.8 4.1 5.3c-.1-.7.3-1.4 1-1.5z" />
  ),
  viber: (
    <path d="M4.2 4.4 5.5 4l1 2-.8.9c.4 1.4 1.1 2.4 2.6 3l1-.9 2 1.2-.5 1.4c-.3.6-1 .8-1.7.6C6 11 3.9 8.6 3.5 5.9c-.1-.7.2-1.3.7-1.5zM8.4 3.3c2.5.1 4.2 1.8 4.3 4.3h-1.2C11.4 5.8 10.2 4.6 8.4 4.5z" />
  ),
  ok: (
    <path d="M8 3.4a2.4 2.4 0 1 1 0 4.8 2.4 2.4 0 0 1 0-4.8zM3.7 12.5c.3-2.3 2-3.5 4.3-3.5s4 1.2 4.3 3.5z" />
  ),
  messenger: (
    <path d="M8 3.3c-2.9 0-4.9 1.9-4.9 4.4 0 1.4.6 2.5 1.6 3.3v1.9l1.8-1c.5.1 1 .2 1.5.2 2.9 0 4.9-1.9 4.9-4.4S10.9 3.3 8 3.3z" />
  ),
  instagram: (
    <path
      fillRule="evenodd"
      d="M5.3 3.4h5.4a1.9 1.9 0 0 1 1.9 1.9v5.4a1.9 1.9 0 0 1-1.9 1.9H5.3a1.9 1.9 0 0 1-1.9-1.9V5.3a1.9 1.9 0 0 1 1.9-1.9zm.2 1.3a.8.8 0 0 0-.8.8v5c0 .4.4.8.8.8h5c.4 0 .8-.4.8-.8v-5a.8.8 0 0 0-.8-.8zM8 5.9a2.1 2.1 0 1 1 0 4.2 2.1 2.1 0 0 1 0-4.2z"
    />
  ),
  email: <path d="M3.3 4.8h9.4L8 8.4zM3.1 6l4.9 3.7L12.9 6v5.2H3.1z" />,
  webpush: (
    <path d="M8 3.2a3.2 3.2 0 0 1 3.2 3.2v2.4l1.2 1.8H3.6l1.2-1.8V6.4A3.2 3.2 0 0 1 8 3.2zM6.6 11.4h2.8a1.4 1.4 0 0 1-2.8 0z" />
  ),
  app: (
    <path
      fillRule="evenodd"
      d="M5.6 2.9h4.8c.6 0 1 .4 1 1v8.2c0 .6-.4 1-1 1H5.6c-.6 0-1-.4-1-1V3.9c0-.6.4-1 1-1zm.6 1.4v6h3.6v-6z"
    />
  ),
};

/** Those on a square; the others stand on a disc. */
const SQUARE = new Set(["widget", "vk", "max", "ok", "instagram", "email", "app"]);

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
      {SQUARE.has(known) ? (
        <rect className={css.ground} width="16" height="16" rx="5" />
      ) : (
        <circle className={css.ground} cx="8" cy="8" r="8" />
      )}
      <g className={css.shape}>{SHAPES[channel] ?? OTHER}</g>
    </svg>
  );
}
