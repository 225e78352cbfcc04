// A messenger's chat with the shop.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Avatar } from "./avatar";
import { Bubble, type BubbleActs, statusWord } from "./bubble";
import { type Block, blocks } from "./chat";
import { Composer, type Focus } from "./composer";
import { Head } from "./head";
import type { Do } from "./perform";
import { type Skin, skinOf } from "./skins";
import type { AccountCard, Chat, PlatformCard, Spot } from "./wire";
import { dayOf, words } from "./words";

const MOST_MESSAGES = 300;

interface Props {
  platform: PlatformCard;
  account: AccountCard | undefined;
  spot: Spot;
  chat: Chat | undefined;
  perform: Do;
}

export function ChatApp({ platform, account, spot, chat, perform }: Props) {
  const [focus, setFocus] = useState<Focus>(null);
  const skin = skinOf(platform.id);
  const can = (act: string) =>
    platform.acts.includes(act) || (act in FILE_ACTS && platform.id === "telegram");
  const acts: BubbleActs = {
    perform,
    edit: (message) => setFocus({ kind: "edit", message }),
    reply: (message) => setFocus({ kind: "reply", message }),
    reactions: can("react") || can("reaction") ? platform.reactions : [],
    can,
  };
  return (
    <>
      <Head account={account} skin={skin} chat={chat} perform={perform} can={can} />
      {chat && (
        <Scroll chat={chat} spot={spot} acts={acts} skin={skin} title={account?.title ?? ""} />
      )}
      {chat && (
        <Composer
          chat={chat}
          focus={focus}
          clear={() => setFocus(null)}
          perform={perform}
          can={can}
          startsFirst={can("start")}
        />
      )}
    </>
  );
}

/** Telegram's control API has one act for all of these. */
const FILE_ACTS = { picture: 1, video: 1, voice: 1, file: 1, sticker: 1 };

function toEnd(box: HTMLDivElement | null): void {
  if (box) box.scrollTop = box.scrollHeight;
}

interface ScrollProps {
  chat: Chat;
  spot: Spot;
  acts: BubbleActs;
  skin: Skin;
  title: string;
}

function Scroll({ chat, spot, acts, skin, title }: ScrollProps) {
  const place = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => blocks(chat.messages.slice(-MOST_MESSAGES)), [chat.messages]);
  const known = useMemo(
    () => new Map(chat.messages.map((message) => [message.id, message])),
    [chat.messages],
  );
  const count = chat.messages.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message is what moves the view
  useEffect(() => toEnd(place.current), [count]);
  useEffect(() => {
    const box = place.current;
    if (!box) return undefined;
    // A keyboard that opens, or a picture that arrives, must not hide the last message.
    const sizes = new ResizeObserver(() => toEnd(box));
    sizes.observe(box);
    return () => sizes.disconnect();
  }, []);
  return (
    <div class="scroll" ref={place}>
      {shown.length === 0 && (
        <p class="empty">{acts.can("start") ? words.emptyStart : words.empty}</p>
      )}
      {shown.map((block) => (
        <Row key={block.key} block={block} skin={skin} title={title}>
          <Bubble
            spot={spot}
            block={block}
            quoted={known.get(block.messages[0]?.reply_to ?? "")}
            acts={acts}
          />
        </Row>
      ))}
      {skin.time === "below" && <Seen block={shown.at(-1)} />}
    </div>
  );
}

interface RowProps {
  block: Block;
  skin: Skin;
  title: string;
  children: preact.ComponentChildren;
}

function Row({ block, skin, title, children }: RowProps) {
  const faced = skin.faces && !block.own;
  return (
    <>
      {block.day && <span class="day">{dayOf(block.messages[0]?.at ?? 0)}</span>}
      {faced ? (
        <div class="faced">
          {block.last ? <Avatar name={title} seed={3} /> : <span class="avatar-space" />}
          {children}
        </div>
      ) : (
        children
      )}
    </>
  );
}

/** Under the newest own message: how far it got. */
function Seen({ block }: { block: Block | undefined }) {
  const last = block?.messages.at(-1);
  if (!last?.own) return null;
  return <small class="seen">{statusWord(last.status)}</small>;
}
