// The page of phones: a strip of people, and their telephones side by side.

import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Pause, Play, Plus, TelegramMark } from "./marks";
import { Avatar, nameOf, Phone } from "./phone";
import { createBot, createPerson, Store, setLively } from "./sandbox";
import type { BotCard, PersonCard } from "./wire";
import { language, words } from "./words";
import "./page.css";
import "./phone.css";

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
  return (
    <>
      <Bar store={store} />
      {!store.online && <output class="offline">{words.offline}</output>}
      {people.length > 1 && <Strip store={store} people={people} />}
      <main class="phones">
        {store.bots.length === 0 && <NoBot />}
        {store.bots.length > 0 && people.length === 0 && <NoPeople store={store} />}
        {people.map((person) => (
          <Phone key={`${store.botId}-${person.user.id}`} store={store} person={person} />
        ))}
      </main>
    </>
  );
}

function Bar({ store }: { store: Store }) {
  return (
    <header class="bar">
      <TelegramMark />
      <h1>{words.title}</h1>
      <p>{words.hint}</p>
      {store.bots.length > 1 && (
        <select
          aria-label={words.bot}
          value={store.botId}
          onChange={(event) => void store.choose(Number(event.currentTarget.value))}
        >
          {store.bots.map((bot) => (
            <option key={bot.user.id} value={bot.user.id}>
              @{bot.user.username}
            </option>
          ))}
        </select>
      )}
      {store.botId > 0 && <Invite store={store} />}
    </header>
  );
}

function Invite({ store }: { store: Store }) {
  const on = store.bots.find((bot) => bot.user.id === store.botId)?.lively ?? false;
  const toggle = () => void setLively(store.botId, !on);
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
  const { user } = await createPerson({ first_name, language_code: language });
  await store.load(user.id);
}

function Strip({ store, people }: { store: Store; people: PersonCard[] }) {
  const show = (id: number) => {
    store.see(id);
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
        <button key={person.user.id} type="button" onClick={() => show(person.user.id)}>
          <Avatar name={nameOf(person)} seed={person.user.id} />
          <span>{person.user.first_name}</span>
          {store.unseen.has(person.user.id) && <i class="dot" />}
        </button>
      ))}
    </nav>
  );
}

function NoBot() {
  const [bot, setBot] = useState<BotCard | null>(null);
  return (
    <section class="nothing">
      <h2>{words.noBot}</h2>
      <p>{words.noBotHint}</p>
      {bot ? (
        <code>{bot.token}</code>
      ) : (
        <button type="button" class="main" onClick={() => void createBot().then(setBot)}>
          {words.createBot}
        </button>
      )}
    </section>
  );
}

function NoPeople({ store }: { store: Store }) {
  const bot = store.bots.find((known) => known.user.id === store.botId);
  return (
    <section class="nothing">
      <h2>{words.noPeople}</h2>
      <p>{words.noPeopleHint}</p>
      <dl>
        <dt>{words.token}</dt>
        <dd>
          <code>{bot?.token}</code>
        </dd>
        <dt>{words.api}</dt>
        <dd>
          <code>{`${location.origin}/telegram`}</code>
        </dd>
      </dl>
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
