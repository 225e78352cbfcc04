/** A person: their picture, or initials on a quiet colour of their own, and a channel mark. */
import { useState } from "react";
import { ChannelMark } from "./channel-mark.tsx";
import css from "./face.module.css";

const TINTS = 8;

interface Props {
  name: string;
  /** What the tint is drawn from, so that it survives a change of name. */
  seed: string;
  channel?: string;
  /** Where their picture is; without one, or when it does not load, their initials stand. */
  picture?: string | undefined;
  size?: number;
}

export function Face({ name, seed, channel, picture, size = 40 }: Props) {
  const [lost, setLost] = useState<string>();
  return (
    <span
      className={css.face}
      data-size={size}
      data-tint={tint(seed)}
      aria-hidden="true"
      data-letters={initials(name)}
    >
      {picture && picture !== lost ? (
        <img className={css.picture} src={picture} alt="" onError={() => setLost(picture)} />
      ) : null}
      {channel ? (
        <span className={css.mark}>
          <ChannelMark channel={channel} size={size >= 40 ? 16 : size >= 32 ? 14 : 12} />
        </span>
      ) : null}
    </span>
  );
}

/** One or two letters that stand for a name; a name without letters gives its first sign. */
export function initials(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  const first = words[0];
  if (!first) return [...name.trim()][0] ?? "?";
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return ([...first][0] + ([...(last ?? "")][0] ?? "")).toLocaleUpperCase();
}

/** A stable number below 8 for a text. */
export function tint(seed: string): number {
  let sum = 0;
  for (const sign of seed) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 9973;
  return sum % TINTS;
}
