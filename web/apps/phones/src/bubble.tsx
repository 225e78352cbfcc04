// One block of a chat: a bubble, a sticker without one, or an album.

import type { Block } from "./chat";
import { Ticks } from "./marks";
import { hasBubble, Media } from "./media";
import { Formatted } from "./text";
import type { Message } from "./wire";
import { timeOf, words } from "./words";

export interface BubbleActs {
  press(message: Message, data: string): void;
  edit(message: Message): void;
  reply(message: Message): void;
  like(message: Message): void;
}

interface Props {
  botId: number;
  block: Block;
  delivered: Set<number>;
  reactions: string[];
  acts: BubbleActs;
}

export function Bubble({ botId, block, delivered, reactions, acts }: Props) {
  const head = block.messages[0];
  if (!head) return null;
  const worded = block.messages.find((m) => m.text || m.caption) ?? head;
  return (
    <div class={block.own ? "line own" : "line"} data-first={block.first}>
      <div
        class={look(block, head)}
        data-pictured={Boolean(head.photo ?? head.video ?? head.animation)}
        data-worded={Boolean(worded.text ?? worded.caption)}
      >
        {head.reply_to_message && <Quote message={head.reply_to_message} />}
        <Files botId={botId} block={block} />
        <Words message={worded} />
        <span class="meta">
          {head.edit_date ? `${words.edited} ` : ""}
          {timeOf(head.date)}
          {block.own && <Ticks two={delivered.has(head.message_id)} />}
        </span>
        {reactions.length > 0 && <span class="reactions">{reactions.join(" ")}</span>}
      </div>
      <Menu message={worded} own={block.own} acts={acts} />
      <InlineKeys message={head} acts={acts} />
    </div>
  );
}

function look(block: Block, head: Message): string {
  const sides = [block.own && "own", !hasBubble(head) && "bare", block.last && "last"];
  return ["bubble", ...sides].filter(Boolean).join(" ");
}

function Files({ botId, block }: { botId: number; block: Block }) {
  const head = block.messages[0];
  const album = block.messages.length > 1 && (head?.photo ?? head?.video);
  return (
    <div class={album ? "album" : "media"} data-count={block.messages.length}>
      {block.messages.map((message) => (
        <Media key={message.message_id} botId={botId} message={message} />
      ))}
    </div>
  );
}

function Words({ message }: { message: Message }) {
  const text = message.text ?? message.caption;
  if (!text) return null;
  return (
    <span class="text">
      <Formatted text={text} entities={message.entities ?? message.caption_entities ?? []} />
    </span>
  );
}

function Quote({ message }: { message: Message }) {
  return (
    <div class="quote">
      <b>{message.from?.first_name}</b>
      <span>{summary(message)}</span>
    </div>
  );
}

export function summary(message: Message): string {
  const known = message.text ?? message.caption;
  if (known) return known;
  if (message.photo) return words.photo;
  if (message.video ?? message.animation ?? message.video_note) return words.video;
  if (message.voice) return words.voice;
  return message.sticker?.emoji ?? words.file;
}

function Menu({ message, own, acts }: { message: Message; own: boolean; acts: BubbleActs }) {
  if (own && !(message.text ?? message.caption)) return null;
  return (
    <div class="acts">
      {own ? (
        <button type="button" onClick={() => acts.edit(message)}>
          {words.edit}
        </button>
      ) : (
        <>
          <button type="button" onClick={() => acts.reply(message)}>
            {words.reply}
          </button>
          <button type="button" aria-label={words.like} onClick={() => acts.like(message)}>
            👍
          </button>
        </>
      )}
    </div>
  );
}

function InlineKeys({ message, acts }: { message: Message; acts: BubbleActs }) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  return (
    <div class="inline-keys">
      {rows.map((row) => (
        <div key={row.map((button) => button.text).join()}>
          {row.map((button) =>
            button.url ? (
              <a key={button.text} href={button.url} target="_blank" rel="noreferrer noopener">
                {button.text}
              </a>
            ) : (
              <button
                key={button.text}
                type="button"
                onClick={() => acts.press(message, button.callback_data ?? "")}
              >
                {button.text}
              </button>
            ),
          )}
        </div>
      ))}
    </div>
  );
}
