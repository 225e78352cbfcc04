// The head of a chat: whom one writes to, what they are doing, and what else one can do here.

import { useRef, useState } from "preact/hooks";
import { Avatar } from "./avatar";
import { useAway } from "./away";
import { About, Call, Dots, Film, Search } from "./marks";
import type { Do } from "./perform";
import type { Ornament, Skin } from "./skins";
import type { AccountCard, Chat } from "./wire";
import { words } from "./words";

interface Props {
  account: AccountCard | undefined;
  skin: Skin;
  chat: Chat | undefined;
  perform: Do;
  can(act: string): boolean;
}

const ORNAMENTS: Record<Ornament, () => preact.JSX.Element> = {
  call: Call,
  film: Film,
  search: Search,
  about: About,
  more: Dots,
};

export function Head({ account, skin, chat, perform, can }: Props) {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLElement>(null);
  useAway(place, open, () => setOpen(false));
  const name = account?.title ?? "";
  const once: Do = (act, fields) => {
    setOpen(false);
    return perform(act, fields);
  };
  return (
    <header class="head" ref={place}>
      <Avatar name={name} seed={3} />
      <div>
        <b>{name}</b>
        <small aria-live="polite">{doing(chat) ?? words.online}</small>
      </div>
      {skin.ornaments.map((ornament) => {
        const Drawn = ORNAMENTS[ornament];
        return (
          <span class="ornament" key={ornament}>
            <Drawn />
          </span>
        );
      })}
      <button
        type="button"
        class="tool"
        aria-label={words.menu}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Dots />
      </button>
      {open && <Menu blocked={chat?.blocked ?? false} perform={once} can={can} />}
    </header>
  );
}

export function doing(chat: Chat | undefined) {
  if (chat?.blocked) return words.blocked;
  if (!chat?.action) return null;
  const what = /voice|audio/.test(chat.action)
    ? words.recording
    : /upload|photo|video|file|doc/.test(chat.action)
      ? words.sending
      : words.typing;
  return (
    <span class="doing">
      {what}
      <i />
      <i />
      <i />
    </span>
  );
}

interface MenuProps {
  blocked: boolean;
  perform: Do;
  can(act: string): boolean;
}

function Menu({ blocked, perform, can }: MenuProps) {
  const [link, setLink] = useState(false);
  if (link) return <LinkForm perform={perform} ads={!can("tap")} />;
  return (
    <div class="menu">
      {can("start") && (
        <button type="button" onClick={() => setLink(true)}>
          {words.link}
        </button>
      )}
      {can("consent") && (
        <>
          <Consent granted label={words.allow} perform={perform} />
          <Consent granted={false} label={words.forbid} perform={perform} />
        </>
      )}
      {can("echo") && (
        <button type="button" onClick={() => void perform("echo", { text: words.elsewhereText })}>
          {words.elsewhere}
        </button>
      )}
      {can("block") && (
        <button
          type="button"
          class="danger"
          onClick={() => void perform(blocked ? "unblock" : "block")}
        >
          {blocked ? words.unblock : words.block}
        </button>
      )}
    </div>
  );
}

function Consent(props: { granted: boolean; label: string; perform: Do }) {
  const { granted, label, perform } = props;
  return (
    <button type="button" onClick={() => void perform("consent", { purpose: "messages", granted })}>
      {label}
    </button>
  );
}

/** A deep link: the payload it carries, and whether it stands in an advertisement. */
function LinkForm({ perform, ads }: { perform: Do; ads: boolean }) {
  const [payload, setPayload] = useState("autumn");
  const [ad, setAd] = useState(false);
  const go = (event: Event) => {
    event.preventDefault();
    void perform("start", { payload, source: ad ? "ad" : "link" });
  };
  return (
    <form class="menu" onSubmit={go}>
      <label>
        {words.payload}
        <input value={payload} onInput={(event) => setPayload(event.currentTarget.value)} />
      </label>
      {ads && (
        <label class="check">
          <input
            type="checkbox"
            checked={ad}
            onChange={(event) => setAd(event.currentTarget.checked)}
          />
          {words.ad}
        </label>
      )}
      <button type="submit" class="main">
        {words.open}
      </button>
    </form>
  );
}
