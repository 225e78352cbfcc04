import { partsOf } from "./links";
import type { Entity } from "./wire";

const TAGS: Record<string, "b" | "i" | "u" | "s" | "code"> = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "code",
};

/** Text with its formatting and links; never as markup. */
export function Formatted({ text, entities }: { text: string; entities: Entity[] }) {
  return (
    <>
      {partsOf(text, entities).map((part, index) => {
        const tag = part.kinds.map((kind) => TAGS[kind]).find(Boolean);
        const Tag = tag ?? "span";
        const inner = part.href ? (
          <a href={part.href} target="_blank" rel="noopener noreferrer nofollow">
            {part.text}
          </a>
        ) : (
          part.text
        );
        return tag || part.href ? <Tag key={String(index)}>{inner}</Tag> : inner;
      })}
    </>
  );
}
