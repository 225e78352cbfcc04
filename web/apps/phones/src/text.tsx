// Formatted text: entities count UTF-16 units, as strings do here.

import type { ComponentChild } from "preact";
import { useState } from "preact/hooks";
import type { Mark } from "./wire";

const SAFE = /^(https?|tg|mailto|tel):/i;

export function Formatted({ text, entities = [] }: { text: string; entities?: Mark[] }) {
  return <>{spread(text, 0, text.length, entities)}</>;
}

function spread(text: string, from: number, to: number, entities: Mark[]): ComponentChild[] {
  const made: ComponentChild[] = [];
  let at = from;
  let rest = entities;
  while (rest.length > 0) {
    const [head, ...others] = rest;
    if (!head || head.offset < at) {
      rest = others;
      continue;
    }
    const end = Math.min(head.offset + head.length, to);
    const inner = others.filter((e) => e.offset >= head.offset && e.offset + e.length <= end);
    made.push(text.slice(at, head.offset));
    const body = spread(text, head.offset, end, inner);
    made.push(
      <Part key={head.offset} entity={head} text={text.slice(head.offset, end)} body={body} />,
    );
    at = end;
    rest = others.filter((e) => !inner.includes(e));
  }
  made.push(text.slice(at, to));
  return made;
}

function Part({ entity, text, body }: { entity: Mark; text: string; body: ComponentChild[] }) {
  switch (entity.type) {
    case "bold":
      return <b>{body}</b>;
    case "italic":
      return <i>{body}</i>;
    case "underline":
      return <u>{body}</u>;
    case "strikethrough":
      return <s>{body}</s>;
    case "code":
      return <code>{body}</code>;
    case "pre":
      return <pre>{body}</pre>;
    case "quote":
    case "blockquote":
    case "expandable_blockquote":
      return <blockquote>{body}</blockquote>;
    case "spoiler":
      return <Spoiler body={body} />;
    case "link":
    case "text_link":
      return <Link href={entity.url ?? ""} body={body} />;
    case "url":
      return <Link href={text} body={body} />;
    case "email":
      return <Link href={`mailto:${text}`} body={body} />;
    case "phone_number":
      return <Link href={`tel:${text}`} body={body} />;
    case "bot_command":
    case "hashtag":
    case "mention":
      return <span class="marked">{body}</span>;
    default:
      return <>{body}</>;
  }
}

function Link({ href, body }: { href: string; body: ComponentChild[] }) {
  if (!SAFE.test(href)) return <span class="marked">{body}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {body}
    </a>
  );
}

function Spoiler({ body }: { body: ComponentChild[] }) {
  const [open, setOpen] = useState(false);
  return (
    <button type="button" class={open ? "spoiler open" : "spoiler"} onClick={() => setOpen(!open)}>
      {body}
    </button>
  );
}
