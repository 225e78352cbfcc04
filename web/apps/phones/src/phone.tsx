// One telephone: a person in a chat with the bot.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Bubble, type BubbleActs } from "./bubble";
import { blocks } from "./chat";
import { Composer, type Do, type Focus } from "./composer";
import { Dots, TelegramMark } from "./marks";
import { act, type Store } from "./sandbox";
import type { Chat, PersonCard } from "./wire";
import { dayOf, words } from "./words";

interface Props {
  store: Store;
  person: PersonCard;
}

export function Phone({ store, person }: Props) {
  const id = person.user.id;
  const chat = store.chats.get(id);
  const [focus, setFocus] = useState<Focus>(null);
  const [notice, setNotice] = useState("");
  useEffect(() => {
    if (!chat) void store.load(id);
  }, [chat, store, id]);
  useNotice(chat, notice, setNotice);
  const perform: Do = async (name, body) => {
    store.see(id);
    try {
      await act(store.botId, id, name, body);
      return true;
    } catch (problem) {
      setNotice(`${words.failed}: ${problem instanceof Error ? problem.message : problem}`);
      return false;
    }
  };
  const acts: BubbleActs = {
    press: (message, data) => void perform("press", { message_id: message.message_id, data }),
    like: (message) => void perform("reaction", { message_id: message.message_id, emoji: "👍" }),
    edit: (message) => setFocus({ kind: "edit", message }),
    reply: (message) => setFocus({ kind: "reply", message }),
  };
  return (
    <article
      class="phone"
      id={`phone-${id}`}
      aria-label={nameOf(person)}
      onPointerEnter={() => store.see(id)}
    >
      <Owner person={person} />
      <Head store={store} chat={chat} perform={perform} />
      {chat && <Scroll store={store} chat={chat} ownId={id} acts={acts} />}
      {notice && <output class="notice">{notice}</output>}
      {chat && (
        <Composer chat={chat} focus={focus} clear={() => setFocus(null)} perform={perform} />
      )}
    </article>
  );
}

/** Show what the bot answered to a button, and let every notice go by itself. */
function useNotice(chat: Chat | undefined, notice: string, set: (text: string) => void): void {
  const answers = chat?.answers;
  const seen = useRef(answers?.length ?? -1);
  useEffect(() => {
    if (!answers) return;
    const latest = answers.at(-1);
    if (seen.current >= 0 && answers.length > seen.current && latest?.text) set(latest.text);
    seen.current = answers.length;
  }, [answers, set]);
  useEffect(() => {
    if (!notice) return undefined;
    const timer = setTimeout(() => set(""), 4000);
    return () => clearTimeout(timer);
  }, [notice, set]);
}

export function nameOf(person: PersonCard): string {
  return [person.user.first_name, person.user.last_name].filter(Boolean).join(" ");
}

export function Avatar({ name, seed }: { name: string; seed: number }) {
  return (
    <span class="avatar" style={{ "--hue": String((seed * 67) % 360) }} aria-hidden="true">
      {name
        .split(" ")
        .map((part) => part.slice(0, 1))
        .join("")
        .slice(0, 2)}
    </span>
  );
}

function Owner({ person }: { person: PersonCard }) {
  return (
    <div class="owner">
      <TelegramMark />
      <b>{nameOf(person)}</b>
      <span class="chip">{words.sandbox}</span>
    </div>
  );
}

function Head({ store, chat, perform }: { store: Store; chat: Chat | undefined; perform: Do }) {
  const [open, setOpen] = useState(false);
  const bot = store.bots.find((known) => known.user.id === store.botId)?.user;
  const name = bot?.first_name ?? "";
  const block = () => {
    setOpen(false);
    void perform(chat?.blocked ? "unblock" : "block");
  };
  return (
    <header class="head">
      <Avatar name={name} seed={store.botId} />
      <div>
        <b>{name}</b>
        <small aria-live="polite">{doing(chat) ?? words.bot}</small>
      </div>
      <button
        type="button"
        class="tool"
        aria-label={words.menu}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Dots />
      </button>
      {open && (
        <div class="menu">
          <button type="button" onClick={block}>
            {chat?.blocked ? words.unblock : words.block}
          </button>
        </div>
      )}
    </header>
  );
}

function doing(chat: Chat | undefined) {
  if (chat?.blocked) return words.blocked;
  if (!chat?.action) return null;
  const what = chat.action.includes("voice")
    ? words.recording
    : chat.action === "typing"
      ? words.typing
      : words.sending;
  return (
    <span class="doing">
      {what}
      <i />
      <i />
      <i />
    </span>
  );
}

function toEnd(box: HTMLDivElement | null): void {
  if (box) box.scrollTop = box.scrollHeight;
}

interface ScrollProps {
  store: Store;
  chat: Chat;
  ownId: number;
  acts: BubbleActs;
}

function Scroll({ store, chat, ownId, acts }: ScrollProps) {
  const place = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => blocks(chat.messages.slice(-300), ownId), [chat.messages, ownId]);
  const delivered = useMemo(() => new Set(chat.delivered), [chat.delivered]);
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
      {shown.length === 0 && <p class="empty">{words.empty}</p>}
      {shown.map((block) => (
        <>
          {block.day && (
            <span class="day" key={`day-${block.key}`}>
              {dayOf(block.messages[0]?.date ?? 0)}
            </span>
          )}
          <Bubble
            key={block.key}
            botId={store.botId}
            block={block}
            delivered={delivered}
            reactions={Object.values(chat.reactions[block.key] ?? {}).flat()}
            acts={acts}
          />
        </>
      ))}
    </div>
  );
}
