/** A piece of a message with the found words marked. */
import css from "./search.module.css";

/** Split a text where the searched words stand; odd parts are matches. */
export function splitMatches(text: string, words: string): string[] {
  const wanted = words
    .trim()
    .split(/\s+/)
    .filter((word) => word.length > 1)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return wanted.length === 0 ? [text] : text.split(new RegExp(`(${wanted.join("|")})`, "giu"));
}

export function Snippet({ text, words }: { text: string; words: string }) {
  return (
    <span className={css.snippet}>
      {splitMatches(text, words).map((part, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one fixed text have no other name
        index % 2 === 1 ? <mark key={index}>{part}</mark> : part,
      )}
    </span>
  );
}
