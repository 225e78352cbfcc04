/** A message's text with its formatting; every link is told apart from words and opened safely. */
import type { Entity } from "@otklik/client";
import type { ReactNode } from "react";
import css from "./rich-text.module.css";

interface Span {
  start: number;
  end: number;
  entity: Entity;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"'«»]+[^\s<>"'«».,:;!?)\]]/gu;

/** Addresses the sender's platform did not mark: a widget sends plain text. */
export function findAddresses(text: string, marked: readonly Entity[]): Entity[] {
  const taken = (at: number) =>
    marked.some((one) => at >= one.offset && at < one.offset + one.length);
  return [...text.matchAll(ADDRESS)]
    .filter((found) => !taken(found.index))
    .map((found) => ({ kind: "url", offset: found.index, length: found[0].length }));
}

export function RichText({ text, entities = [] }: { text: string; entities?: readonly Entity[] }) {
  const all = [...entities, ...findAddresses(text, entities)];
  const spans = all
    .map((entity) => ({ start: entity.offset, end: entity.offset + entity.length, entity }))
    .filter((span) => span.start >= 0 && span.end > span.start && span.start < text.length)
    .sort((one, other) => one.start - other.start || other.end - one.end);
  return <span className={css.text}>{draw(text, 0, text.length, spans)}</span>;
}

function draw(text: string, start: number, end: number, spans: readonly Span[]): ReactNode[] {
  const out: ReactNode[] = [];
  let at = start;
  let index = 0;
  while (index < spans.length) {
    const span = spans[index];
    index += 1;
    if (!span || span.start < at || span.start >= end) continue;
    const last = Math.min(span.end, end);
    if (span.start > at) out.push(text.slice(at, span.start));
    const inner = spans.slice(index).filter((one) => one.start < last);
    out.push(
      <Piece
        key={`${span.start}${span.entity.kind}`}
        entity={span.entity}
        raw={text.slice(span.start, last)}
      >
        {draw(text, span.start, last, inner)}
      </Piece>,
    );
    at = last;
  }
  if (at < end) out.push(text.slice(at, end));
  return out;
}

function Piece({ entity, raw, children }: { entity: Entity; raw: string; children: ReactNode }) {
  const target = linkTarget(entity, raw);
  if (target) {
    return (
      <a href={target} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    );
  }
  switch (entity.kind) {
    case "bold":
      return <strong>{children}</strong>;
    case "italic":
      return <em>{children}</em>;
    case "underline":
      return <u>{children}</u>;
    case "strikethrough":
      return <s>{children}</s>;
    case "code":
      return <code>{children}</code>;
    case "pre":
      return <code className={css.pre}>{children}</code>;
    case "quote":
      return <span className={css.quote}>{children}</span>;
    case "spoiler":
      return <span className={css.spoiler}>{children}</span>;
    case "mention":
    case "hashtag":
    case "command":
      return <span className={css.mention}>{children}</span>;
    default:
      return children;
  }
}

/** Where a span leads, or nothing. Only web, mail and phone: a `javascript:` link stays text. */
export function linkTarget(entity: Entity, raw: string): string | undefined {
  switch (entity.kind) {
    case "link":
      return safeAddress(entity.url ?? "");
    case "url":
      return safeAddress(/^[a-z][a-z+.-]*:/i.test(raw) ? raw : `https://${raw}`);
    case "email":
      return `mailto:${raw}`;
    case "phone":
      return `tel:${raw.replace(/[^\d+]/g, "")}`;
    default:
      return undefined;
  }
}

/** The address itself when it is http(s), else nothing. */
export function safeAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  return /^https?:$/.test(new URL(address).protocol) ? address : undefined;
}
