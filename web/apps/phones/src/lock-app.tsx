// The lock screen: what a shop's site pushes to a browser.

import { useEffect, useState } from "preact/hooks";
import { Key } from "./keys";
import { AppIcon, Bell } from "./marks";
import { FileView } from "./media";
import type { Do } from "./perform";
import type { AccountCard, Chat, Message, Spot } from "./wire";
import { language, timeOf, words } from "./words";

interface Props {
  account: AccountCard | undefined;
  spot: Spot;
  chat: Chat | undefined;
  perform: Do;
  can(act: string): boolean;
}

const MINUTE_MS = 60_000;

export function LockApp({ account, spot, chat, perform, can }: Props) {
  const pushes = (chat?.messages ?? []).filter((message) => !message.own).reverse();
  return (
    <div class="lock">
      <Clock />
      <div class="pushes">
        {pushes.length === 0 && (
          <div class="no-pushes">
            <Bell />
            <b>{words.noPushes}</b>
            <p>{words.noPushesHint}</p>
          </div>
        )}
        {pushes.map((message) => (
          <Push
            key={message.id}
            message={message}
            title={account?.title ?? ""}
            spot={spot}
            perform={perform}
          />
        ))}
      </div>
      <Permission blocked={chat?.blocked ?? false} perform={perform} can={can} />
    </div>
  );
}

function Clock() {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), MINUTE_MS / 4);
    return () => clearInterval(timer);
  }, []);
  const day = new Intl.DateTimeFormat(language, {
    weekday: "long",
    day: "numeric",
    month: "long",
  }).format(now);
  return (
    <header>
      <time>{timeOf(now / 1000)}</time>
      <span>{day}</span>
    </header>
  );
}

interface PushProps {
  message: Message;
  title: string;
  spot: Spot;
  perform: Do;
}

function Push({ message, title, spot, perform }: PushProps) {
  const file = message.files?.[0];
  const buttons = message.buttons?.flat() ?? [];
  return (
    <article class="push">
      <AppIcon platform="webpush" glyph="bell" />
      <div>
        <small>
          {title} · {timeOf(message.at)}
        </small>
        <b>{message.title}</b>
        <p>{message.text}</p>
        {message.link && <small class="where">{message.link}</small>}
        <div class="push-keys">
          {buttons.map((button) => (
            <Key key={button.text} button={button} message={message} perform={perform} />
          ))}
        </div>
      </div>
      {file && <FileView spot={spot} file={file} />}
    </article>
  );
}

interface PermissionProps {
  blocked: boolean;
  perform: Do;
  can(act: string): boolean;
}

function Permission({ blocked, perform, can }: PermissionProps) {
  const act = blocked ? "unblock" : "block";
  return (
    <footer>
      {can("start") && (
        <button type="button" onClick={() => void perform("start")}>
          {words.allow}
        </button>
      )}
      {can(act) && (
        <button type="button" onClick={() => void perform(act)}>
          {blocked ? words.unblock : words.forbid}
        </button>
      )}
    </footer>
  );
}
