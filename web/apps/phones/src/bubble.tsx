// One block of a chat: a bubble, a sticker without one, or an album; and what can be done with it.

import { useEffect, useRef, useState } from "preact/hooks";
import { useAway } from "./away";
import { type Block, filesOf } from "./chat";
import { Cards, InlineKeys, MenuKey } from "./keys";
import { Dots, Ticks } from "./marks";
import { Extra, FileView, hasBubble, isPicture } from "./media";
import type { Do } from "./perform";
import { Formatted } from "./text";
import type { Message, Spot, Status } from "./wire";
import { timeOf, words } from "./words";

export interface BubbleActs {
  perform: Do;
  edit(message: Message): void;
  reply(message: Message): void;
  reactions: string[];
  can(act: string): boolean;
}

interface Props {
  spot: Spot;
  block: Block;
  quoted: Message | undefined;
  acts: BubbleActs;
}

export function Bubble({ spot, block, quoted, acts }: Props) {
  const head = block.messages[0];
  const [menu, setMenu] = useState(false);
  if (!head) return null;
  if (head.kind === "notice") return <span class="day">{head.text}</span>;
  const worded = block.messages.find((one) => one.text) ?? head;
  const held = (event: Event) => {
    event.preventDefault();
    setMenu(true);
  };
  const reactions = [head.reaction, head.answer_reaction].filter(Boolean).join(" ");
  return (
    <div class={block.own ? "line own" : "line"} data-first={block.first} data-last={block.last}>
      {hasBody(head) && (
        <article class={look(block, head)} {...shape(block, worded)} onContextMenu={held}>
          {quoted && <Quote message={quoted} />}
          {head.title && <b class="title">{head.title}</b>}
          <Files spot={spot} block={block} />
          <Extra message={head} />
          <Words message={worded} />
          {head.footer && <small class="footer">{head.footer}</small>}
          <Meta message={block.messages.at(-1) ?? head} />
          {reactions && <span class="reactions">{reactions}</span>}
          <MoreKey open={menu} toggle={() => setMenu(!menu)} />
        </article>
      )}
      {menu && <Actions message={worded} acts={acts} close={() => setMenu(false)} />}
      <InlineKeys message={head} perform={acts.perform} />
      {head.menu && <MenuKey menu={head.menu} message={head} perform={acts.perform} />}
      {head.cards && <Cards spot={spot} cards={head.cards} message={head} perform={acts.perform} />}
    </div>
  );
}

/** A row of cards without words stands by itself. */
function hasBody(head: Message): boolean {
  return !head.cards?.length || Boolean(head.text || head.title);
}

function look(block: Block, head: Message): string {
  const bare = !hasBubble(head);
  return ["bubble", block.own && "own", bare && "bare", block.last && "last"]
    .filter(Boolean)
    .join(" ");
}

function shape(block: Block, worded: Message) {
  const first = filesOf(block)[0];
  return {
    "data-pictured": Boolean(first && isPicture(first)),
    "data-worded": Boolean(worded.text ?? worded.footer),
  };
}

function Files({ spot, block }: { spot: Spot; block: Block }) {
  const files = filesOf(block);
  if (files.length === 0) return null;
  const album = files.length > 1 && files.every(isPicture);
  return (
    <div class={album ? "album" : "media"} data-count={files.length}>
      {files.map((file) => (
        <FileView key={file.id} spot={spot} file={file} />
      ))}
    </div>
  );
}

function Words({ message }: { message: Message }) {
  if (!message.text) return null;
  return (
    <span class="text">
      <Formatted text={message.text} entities={message.marks ?? []} />
    </span>
  );
}

function Meta({ message }: { message: Message }) {
  return (
    <span class="meta">
      {message.edited_at ? `${words.edited} ` : ""}
      {timeOf(message.at)}
      <State message={message} />
    </span>
  );
}

const LABELS: Record<Status, string> = {
  "": "",
  sent: words.sent,
  delivered: words.delivered,
  read: words.read,
  failed: words.undelivered,
};
export const statusWord = (status: Status | undefined) => LABELS[status ?? ""];

function State({ message }: { message: Message }) {
  const status = message.status ?? "";
  if (status === "failed") return <b class="failed">{words.undelivered}</b>;
  if (!message.own || !status) return null;
  return (
    <span class="state" data-read={status === "read"}>
      <Ticks two={status !== "sent"} label={LABELS[status]} />
    </span>
  );
}

function Quote({ message }: { message: Message }) {
  return (
    <div class="quote">
      <b>{message.own ? words.self : words.shop}</b>
      <span>{summary(message)}</span>
    </div>
  );
}

const NAMES: Record<string, string> = {
  picture: words.photo,
  video: words.video,
  animation: words.video,
  round: words.video,
  voice: words.voice,
  location: words.place,
  contact: words.contact,
  order: words.order,
};

export function summary(message: Message): string {
  if (message.text) return message.text;
  return message.title || message.files?.[0]?.emoji || NAMES[message.kind ?? ""] || words.file;
}

function MoreKey({ open, toggle }: { open: boolean; toggle(): void }) {
  return (
    <button
      type="button"
      class="more"
      aria-label={words.actions}
      aria-expanded={open}
      onClick={toggle}
    >
      <Dots />
    </button>
  );
}

interface ActionsProps {
  message: Message;
  acts: BubbleActs;
  close(): void;
}

function Actions({ message, acts, close }: ActionsProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.querySelector("button")?.focus({ preventScroll: true });
    place.current?.scrollIntoView({ block: "nearest" });
  }, []);
  useAway(place, true, close);
  const then = (what: () => void) => () => {
    close();
    what();
  };
  const react = (emoji: string) =>
    void acts.perform("react", {
      message_id: message.id,
      emoji: message.reaction === emoji ? "" : emoji,
    });
  const editable = message.own && message.text && acts.can("edit");
  return (
    <div class="actions" ref={place} role="toolbar" aria-label={words.actions}>
      {acts.reactions.length > 0 && (
        <div class="faces">
          {acts.reactions.slice(0, 6).map((emoji) => (
            <button key={emoji} type="button" onClick={then(() => react(emoji))}>
              {emoji}
            </button>
          ))}
        </div>
      )}
      <button type="button" onClick={then(() => acts.reply(message))}>
        {words.reply}
      </button>
      {editable && (
        <button type="button" onClick={then(() => acts.edit(message))}>
          {words.edit}
        </button>
      )}
      {message.own && acts.can("delete") && (
        <button
          type="button"
          class="danger"
          onClick={then(() => void acts.perform("delete", { message_id: message.id }))}
        >
          {words.remove}
        </button>
      )}
    </div>
  );
}
