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

/** Write entities as signs again, to edit a sent message. */
export function writeFormatting(text: string, entities: readonly Entity[] = []): string {
  const marks: { at: number; order: number; sign: string }[] = [];
  for (const entity of entities) {
    const sign = OPENING[entity.kind];
    const end = entity.offset + entity.length;
    if (sign) {
      marks.push({ at: entity.offset, order: -entity.length, sign });
      marks.push({ at: end, order: entity.offset - 1e9, sign });
    } else if (entity.kind === "link" && entity.url) {
      marks.push({ at: entity.offset, order: -entity.length, sign: "[" });
      marks.push({ at: end, order: entity.offset - 1e9, sign: `](${entity.url})` });
    }
  }
  // Closing signs come before opening ones at the same place; inner spans close first.
  marks.sort((one, other) => other.at - one.at || other.order - one.order);
  let out = text;
  for (const mark of marks) out = out.slice(0, mark.at) + mark.sign + out.slice(mark.at);
  return out;
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
