/** A message's text as parts to show: formatting the other side gave, and links found in it. */
import type { Entity } from "./wire";

export interface Part {
  text: string;
  href: string;
  kinds: string[];
}

const LINK =
  /\b(?:https?:\/\/|www\.)[^\s<>"']+[^\s<>"'.,:;!?)\]»]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w+])\+\d[\d ()-]{8,16}\d/gi;

/** Give the address only when it is of a kind that may be opened; otherwise nothing. */
export function safeUrl(url: string): string {
  try {
    const parsed = new URL(url);
    return /^(https?|mailto|tel):$/.test(parsed.protocol) ? parsed.href : "";
  } catch {
    return ""; // not an address at all: it stays text
  }
}

function addressOf(found: string): string {
  if (found.startsWith("+")) return `tel:${found.replace(/[^\d+]/g, "")}`;
  if (found.includes("://")) return safeUrl(found);
  return found.startsWith("www.") ? safeUrl(`https://${found}`) : `mailto:${found}`;
}

function linked(text: string, kinds: string[]): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), href: "", kinds });
    parts.push({ text: match[0], href: addressOf(match[0]), kinds });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), href: "", kinds });
  return parts;
}

/** Cut the text where formatting begins or ends (offsets are UTF-16 units, as in JavaScript). */
export function partsOf(text: string, entities: readonly Entity[]): Part[] {
  const cuts = new Set([0, text.length]);
  for (const entity of entities) {
    cuts.add(clamp(entity.offset, text.length));
    cuts.add(clamp(entity.offset + entity.length, text.length));
  }
  const marks = [...cuts].sort((a, b) => a - b);
  const parts: Part[] = [];
  for (const [index, start] of marks.entries()) {
    const end = marks[index + 1];
    if (end === undefined || end === start) continue;
    const over = entities.filter((e) => e.offset <= start && e.offset + e.length >= end);
    const kinds = over.map((e) => e.kind);
    const link = over.find((e) => e.kind === "link" && e.url);
    const piece = text.slice(start, end);
    if (link) parts.push({ text: piece, href: safeUrl(link.url ?? ""), kinds });
    else if (kinds.includes("code") || kinds.includes("pre"))
      parts.push({ text: piece, href: "", kinds });
    else parts.push(...linked(piece, kinds));
  }
  return parts;
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
