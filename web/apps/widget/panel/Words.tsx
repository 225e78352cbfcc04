import { lateParts } from "./Late";
import { isJumbo } from "./text";
import type { Entity } from "./wire";

/** Text; where it may hold links or formatting, the late part draws it as soon as it is here. */
export function Words({ text, entities }: { text: string; entities: Entity[] }) {
  if (!text) return null;
  const rich = entities.length || /[@+]\w|:\/\/|www\./.test(text);
  const Formatted = rich && lateParts()?.Formatted;
  return (
    <p class={isJumbo(text) ? "words jumbo" : "words"}>
      {Formatted ? <Formatted text={text} entities={entities} /> : text}
    </p>
  );
}
