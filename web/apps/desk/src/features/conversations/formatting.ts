/** Signs people type (`**bold**`) turned into entities with UTF-16 offsets, and back. */
import type { Entity } from "@otklik/client";

export interface Formatted {
  text: string;
  entities: Entity[];
}

const SIGNS: Record<string, string> = {
  "```": "pre",
  "**": "bold",
  __: "italic",
  "~~": "strikethrough",
  "`": "code",
};

const PATTERN =
  /```([\s\S]+?)```|`([^`\n]+)`|(\*\*|__|~~)(?=\S)([\s\S]*?\S)\3|\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/;

/** Read typed text; offsets count UTF-16 units, as JavaScript's own do. */
export function readFormatting(typed: string): Formatted {
  const entities: Entity[] = [];
  const text = read(typed, 0, entities);
  entities.sort((one, other) => one.offset - other.offset || other.length - one.length);
  return { text, entities };
}

function read(typed: string, base: number, entities: Entity[]): string {
  let out = "";
  let rest = typed;
  for (let found = PATTERN.exec(rest); found; found = PATTERN.exec(rest)) {
    const [whole, block, code, sign, inside, label, url] = found;
    out += rest.slice(0, found.index);
    rest = rest.slice(found.index + whole.length);
    const offset = base + out.length;
    if (block !== undefined || code !== undefined) {
      const literal = block?.replace(/^\n|\n$/g, "") ?? code ?? "";
      out += literal;
      entities.push({ kind: block === undefined ? "code" : "pre", offset, length: literal.length });
    } else if (label !== undefined && url !== undefined) {
      out += label;
      entities.push({ kind: "link", offset, length: label.length, url });
    } else {
      const inner = read(inside ?? "", offset, entities);
      out += inner;
      entities.push({ kind: SIGNS[sign ?? ""] ?? "bold", offset, length: inner.length });
    }
  }
  return out + rest;
}

const OPENING: Record<string, string> = Object.fromEntries(
  Object.entries(SIGNS).map(([sign, kind]) => [kind, sign]),
);

interface Mark {
  at: number;
  sign: string;
  closes: boolean;
  /** Outer spans open first and close last. */
  depth: number;
}

/** Write entities as signs again, to edit a sent message. */
export function writeFormatting(text: string, entities: readonly Entity[] = []): string {
  const marks = entities.flatMap(marksOf).sort(before);
  let out = "";
  let at = 0;
  for (const mark of marks) {
    out += text.slice(at, mark.at) + mark.sign;
    at = mark.at;
  }
  return out + text.slice(at);
}

function marksOf(entity: Entity): Mark[] {
  const link = entity.kind === "link" && entity.url !== undefined;
  const sign = link ? "[" : OPENING[entity.kind];
  if (sign === undefined) return [];
  const closing = link ? `](${entity.url})` : sign;
  const { offset, length } = entity;
  return [
    { at: offset, sign, closes: false, depth: -length },
    { at: offset + length, sign: closing, closes: true, depth: -offset },
  ];
}

function before(one: Mark, other: Mark): number {
  if (one.at !== other.at) return one.at - other.at;
  if (one.closes !== other.closes) return one.closes ? -1 : 1;
  return one.depth - other.depth;
}

/** Put signs around the selection, or take them away; gives the new text and selection. */
export function toggleSign(
  text: string,
  start: number,
  end: number,
  sign: string,
): { text: string; start: number; end: number } {
  const size = sign.length;
  const before = text.slice(start - size, start);
  const after = text.slice(end, end + size);
  if (start >= size && before === sign && after === sign) {
    return {
      text: text.slice(0, start - size) + text.slice(start, end) + text.slice(end + size),
      start: start - size,
      end: end - size,
    };
  }
  return {
    text: text.slice(0, start) + sign + text.slice(start, end) + sign + text.slice(end),
    start: start + size,
    end: end + size,
  };
}
