/** How much of a channel's limit a text takes, in the channel's own unit. */
import type { ReplyLimits, TextUnit } from "@otklik/client";

const encoder = new TextEncoder();

/** The length of a text as the platform counts it. */
export function lengthIn(unit: TextUnit, text: string): number {
  if (unit === "utf16") return text.length;
  if (unit === "bytes") return encoder.encode(text).length;
  return [...text].length;
}

export interface Room {
  used: number;
  limit: number;
  /** Close enough to the limit to be shown. */
  tight: boolean;
  over: boolean;
}

/** How a reply stands to its limit; with files the text is a caption. */
export function roomFor(limits: ReplyLimits | undefined, text: string, withFiles: boolean): Room {
  if (!limits) return { used: 0, limit: 0, tight: false, over: false };
  const limit = withFiles ? limits.caption : limits.text;
  const used = lengthIn(limits.text_unit, text);
  return { used, limit, tight: used > limit * 0.8, over: used > limit };
}
