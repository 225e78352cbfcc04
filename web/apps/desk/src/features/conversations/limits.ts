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
  left: number;
  unit: TextUnit;
  /** Close enough to the limit to be shown. */
  tight: boolean;
  over: boolean;
}

/** How a reply stands to its limit; with files the text is a caption. */
export function roomFor(limits: ReplyLimits | undefined, text: string, withFiles: boolean): Room {
  if (!limits) return { left: 0, unit: "characters", tight: false, over: false };
  const limit = withFiles ? limits.caption : limits.text;
  const used = lengthIn(limits.text_unit, text);
  return {
    left: limit - used,
    unit: limits.text_unit,
    tight: used > limit * 0.8,
    over: used > limit,
  };
}

/** What the server is asked about before sending: what a draft may lose or become on its way. */
export interface Draft {
  text: string;
  /** Kinds of the files that go along. */
  files: readonly string[];
  marks: boolean;
  quotes: boolean;
}

/** Whether a channel may not take a draft as it is. */
export function mayNotFit(limits: ReplyLimits, draft: Draft): boolean {
  const can = (feature: string) => limits.features.includes(feature);
  return (
    roomFor(limits, draft.text, draft.files.length > 0).over ||
    draft.files.length > (can("album") ? Math.max(1, limits.album) : 1) ||
    draft.files.some((kind) => !limits.sends.includes(kind)) ||
    (draft.marks && !can("marks")) ||
    (draft.quotes && !can("reply"))
  );
}
