// One telephone: a person, their apps, and the app that is open.

import { useEffect } from "preact/hooks";
import { Avatar } from "./avatar";
import { keyOf } from "./chat";
import { ChatApp } from "./chat-app";
import { LockApp } from "./lock-app";
import { MailApp } from "./mail-app";
import { AppIcon } from "./marks";
import { type Do, useNotice, usePerform } from "./perform";
import { skinOf } from "./skins";
import type { Store } from "./store";
import type { Person } from "./wire";
import { words } from "./words";

interface Props {
  store: Store;
  person: Person;
}

export const nameOf = (person: Person) =>
  [person.first_name, person.last_name].filter(Boolean).join(" ");

export function Phone({ store, person }: Props) {
  const app = store.appOf(person.id);
  const apps = store.usable();
  return (
    <article class="phone" id={`phone-${person.id}`} aria-label={nameOf(person)}>
      <header class="owner">
        <Avatar name={nameOf(person)} seed={person.id} />
        <b>
          {nameOf(person)}
          {apps.length > 1 && <span> · {store.platform(app)?.title}</span>}
        </b>
        <span class="chip">{words.sandbox}</span>
      </header>
      {apps.length > 1 && <Apps store={store} person={person} apps={apps} open={app} />}
      {app && <App key={app} store={store} person={person} app={app} />}
    </article>
  );
}

interface AppsProps extends Props {
  apps: string[];
  open: string;
}

function Apps({ store, person, apps, open }: AppsProps) {
  return (
    <nav class="apps" aria-label={words.apps}>
      {apps.map((id) => {
        const title = store.platform(id)?.title ?? id;
        return (
          <button
            key={id}
            type="button"
            title={title}
            aria-label={title}
            aria-pressed={id === open}
            onClick={() => store.chooseApp(person.id, id)}
          >
            <AppIcon platform={id} glyph={skinOf(id).glyph} />
            {store.hasNews(person.id, id) && <i class="dot" />}
          </button>
        );
      })}
    </nav>
  );
}

function App({ store, person, app }: Props & { app: string }) {
  const account = store.accountOf(app);
  const spot = store.spot(person.id, app);
  const key = keyOf(spot);
  const chat = store.chats.get(key);
  const platform = store.platform(app);
  const [notice, setNotice] = useNotice(chat);
  const plain = usePerform(spot, setNotice);
  const { account: accountId } = spot;
  useEffect(() => {
    if (!chat) void store.load({ person: person.id, platform: app, account: accountId });
  }, [chat, store, person.id, app, accountId]);
  const see = () => {
    const last = chat?.messages.findLast((message) => !message.own);
    if (store.see(spot) && last && platform?.acts.includes("read")) void plain("read");
  };
  const perform: Do = (name, fields, upload) => {
    see();
    return plain(name, fields, upload);
  };
  if (!platform) return null;
  const shared = { account, spot, chat, perform };
  const can = (act: string) => platform.acts.includes(act);
  const { layout } = skinOf(app);
  return (
    <div class="app" data-skin={app} data-time={skinOf(app).time} onPointerEnter={see}>
      {layout === "mail" && <MailApp {...shared} />}
      {layout === "lock" && <LockApp {...shared} can={can} />}
      {layout === "chat" && <ChatApp platform={platform} {...shared} />}
      {notice && <output class="notice">{notice}</output>}
    </div>
  );
}
