// The page of telephones: a strip of people, and their telephones side by side.

import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Avatar } from "./avatar";
import { AppIcon, Pause, Play, Plus } from "./marks";
import { nameOf, Phone } from "./phone";
import { createAccount, createPerson, setLively } from "./sandbox";
import { skinOf } from "./skins";
import { Store } from "./store";
import type { AccountCard, Person } from "./wire";
import { language, words } from "./words";
import "./page.css";
import "./phone.css";
import "./bubble.css";
import "./keys.css";
import "./media.css";
import "./composer.css";
import "./screens.css";
import "./skins.css";

const MOST_PHONES = 24;
const NAMES = [
  "Алиса",
  "Борис",
  "Влада",
  "Григорий",
  "Дина",
  "Егор",
  "Жанна",
  "Захар",
  "Инна",
  "Кирилл",
];

function Page({ store }: { store: Store }) {
  const [, redraw] = useState(0);
  useEffect(() => store.watch(() => redraw((turn) => turn + 1)), [store]);
  useEffect(() => store.open(), [store]);
  const people = store.people.slice(0, MOST_PHONES);
  const apps = store.usable();
  return (
    <>
      <Bar store={store} />
      {!store.online && <output class="offline">{words.offline}</output>}
      {people.length > 1 && <Strip store={store} people={people} />}
      <main class="phones">
        {store.loaded && apps.length === 0 && <NoAccount store={store} />}
        {apps.length > 0 && people.length === 0 && <NoPeople store={store} />}
        {apps.length > 0 &&
          people.map((person) => <Phone key={person.id} store={store} person={person} />)}
      </main>
    </>
  );
}

function Bar({ store }: { store: Store }) {
  const several = store.platforms.filter((platform) => platform.accounts.length > 1);
  return (
    <header class="bar">
      <h1>{words.title}</h1>
      <p>{words.hint}</p>
      {several.map((platform) => (
        <select
          key={platform.id}
          aria-label={`${words.account}: ${platform.title}`}
          value={store.accountOf(platform.id)?.id}
          onChange={(event) => store.chooseAccount(platform.id, event.currentTarget.value)}
        >
          {platform.accounts.map((account) => (
            <option key={account.id} value={account.id}>
              {platform.title}: {account.username || account.title}
            </option>
          ))}
        </select>
      ))}
      {store.usable().length > 0 && <Invite store={store} />}
    </header>
  );
}

function Invite({ store }: { store: Store }) {
  const places = store.usable().map((platform) => ({
    platform,
    account: store.accountOf(platform)?.id ?? "",
    on: store.accountOf(platform)?.lively ?? false,
  }));
  const on = places.some((place) => place.on);
  const toggle = () => {
    const first = places.filter((place) => (on ? place.on : place === places[0]));
    void Promise.all(first.map((place) => setLively(place, !on))).then(() => store.reload());
  };
  return (
    <>
      <button
        type="button"
        class="plain"
        aria-label={words.addPerson}
        onClick={() => void invite(store)}
      >
        <Plus />
        <span>{words.addPerson}</span>
      </button>
      <button
        type="button"
        class="plain"
        aria-pressed={on}
        aria-label={on ? words.quiet : words.lively}
        onClick={toggle}
      >
        {on ? <Pause /> : <Play />}
        <span>{on ? words.quiet : words.lively}</span>
      </button>
    </>
  );
}

async function invite(store: Store): Promise<void> {
  const first_name = NAMES[store.people.length % NAMES.length];
  await createPerson({ first_name, language });
}

function Strip({ store, people }: { store: Store; people: Person[] }) {
  const show = (id: number) => {
    const phone = document.getElementById(`phone-${id}`);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    phone?.scrollIntoView({
      behavior: still ? "auto" : "smooth",
      inline: "start",
      block: "nearest",
    });
  };
  return (
    <nav class="strip" aria-label={words.chats}>
      {people.map((person) => (
        <button key={person.id} type="button" onClick={() => show(person.id)}>
          <Avatar name={nameOf(person)} seed={person.id} />
          <span>{person.first_name}</span>
          {store.hasNews(person.id) && <i class="dot" />}
        </button>
      ))}
    </nav>
  );
}

function NoAccount({ store }: { store: Store }) {
  const [made, setMade] = useState<AccountCard | null>(null);
  return (
    <section class="nothing">
      <h2>{words.noAccount}</h2>
      <p>{words.noAccountHint}</p>
      {made && <code>{made.token}</code>}
      <div class="choices">
        {store.platforms.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            class="plain"
            aria-label={`${words.create} ${title}`}
            onClick={() => void createAccount(id).then(setMade)}
          >
            <AppIcon platform={id} glyph={skinOf(id).glyph} />
            {title}
          </button>
        ))}
      </div>
    </section>
  );
}

function NoPeople({ store }: { store: Store }) {
  const base = location.href.replace(/[^/]*$/, "");
  return (
    <section class="nothing">
      <h2>{words.noPeople}</h2>
      <p>{words.noPeopleHint}</p>
      {store.usable().map((id) => (
        <dl key={id}>
          <dt>{store.platform(id)?.title}</dt>
          <dd />
          <dt>{words.token}</dt>
          <dd>
            <code>{store.accountOf(id)?.token}</code>
          </dd>
          <dt>{words.api}</dt>
          <dd>
            <code>{`${base}${id}`}</code>
          </dd>
        </dl>
      ))}
      <button type="button" class="main" onClick={() => void invite(store)}>
        {words.addPerson}
      </button>
    </section>
  );
}

document.documentElement.lang = language;
document.title = words.title;
const root = document.getElementById("root");
if (root) render(<Page store={new Store()} />, root);
