// A small mail client: letters by subject, one letter, and a new one.

import { useState } from "preact/hooks";
import { Avatar } from "./avatar";
import { bareSubject, letters } from "./chat";
import { Back, Pen } from "./marks";
import { FileView } from "./media";
import type { Do } from "./perform";
import type { AccountCard, Chat, Message, Spot } from "./wire";
import { dayOf, timeOf, words } from "./words";

interface Props {
  account: AccountCard | undefined;
  spot: Spot;
  chat: Chat | undefined;
  perform: Do;
}

type View = { kind: "list" } | { kind: "read"; subject: string } | { kind: "write"; to?: Message };

export function MailApp({ account, spot, chat, perform }: Props) {
  const [view, setView] = useState<View>({ kind: "list" });
  const found = letters(chat?.messages ?? []);
  const back = () => setView({ kind: "list" });
  if (view.kind === "write")
    return <Compose account={account} to={view.to} perform={perform} done={back} />;
  const open = view.kind === "read" && found.find((one) => one.subject === view.subject);
  if (open)
    return (
      <Thread
        subject={open.subject}
        messages={open.messages}
        account={account}
        spot={spot}
        back={back}
        answer={(to) => setView({ kind: "write", to })}
      />
    );
  return (
    <div class="mail">
      <header class="head">
        <h2>{words.inbox}</h2>
      </header>
      <div class="letters">
        {found.length === 0 && <p class="quiet">{words.noLetters}</p>}
        {found.map(({ subject, messages }) => (
          <LetterRow
            key={subject}
            subject={subject}
            messages={messages}
            title={account?.title ?? ""}
            open={() => setView({ kind: "read", subject })}
          />
        ))}
      </div>
      <button type="button" class="compose" onClick={() => setView({ kind: "write" })}>
        <Pen /> {words.compose}
      </button>
    </div>
  );
}

interface RowProps {
  subject: string;
  messages: Message[];
  title: string;
  open(): void;
}

function LetterRow({ subject, messages, title, open }: RowProps) {
  const last = messages.at(-1);
  if (!last) return null;
  return (
    <button type="button" class="letter-row" onClick={open}>
      <Avatar name={last.own ? words.self : title} seed={last.own ? 5 : 3} />
      <span>
        <b>{last.own ? words.self : title}</b>
        <time>{timeOf(last.at)}</time>
        <strong>
          {subject || words.noSubject}
          {messages.length > 1 && <i> {messages.length}</i>}
        </strong>
        <small>{last.text}</small>
      </span>
    </button>
  );
}

interface ThreadProps {
  subject: string;
  messages: Message[];
  account: AccountCard | undefined;
  spot: Spot;
  back(): void;
  answer(to: Message): void;
}

function Thread({ subject, messages, account, spot, back, answer }: ThreadProps) {
  const last = messages.at(-1);
  return (
    <div class="mail">
      <header class="head">
        <button type="button" class="tool" aria-label={words.inbox} onClick={back}>
          <Back />
        </button>
        <h2>{subject || words.noSubject}</h2>
      </header>
      <div class="letters">
        {messages.map((message) => (
          <Letter key={message.id} message={message} account={account} spot={spot} />
        ))}
        {last && (
          <button type="button" class="plain" onClick={() => answer(last)}>
            {words.reply}
          </button>
        )}
      </div>
    </div>
  );
}

interface LetterProps {
  message: Message;
  account: AccountCard | undefined;
  spot: Spot;
}

function Letter({ message, account, spot }: LetterProps) {
  const from = message.own ? words.self : (account?.title ?? "");
  return (
    <article class="letter">
      <header>
        <Avatar name={from} seed={message.own ? 5 : 3} />
        <div>
          <b>{from}</b>
          <small>{message.address || account?.username}</small>
        </div>
        <time>
          {dayOf(message.at)}, {timeOf(message.at)}
        </time>
      </header>
      {message.html ? (
        <iframe
          title={message.title || words.noSubject}
          sandbox=""
          srcdoc={`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">${message.html}`}
        />
      ) : (
        <p>{message.text}</p>
      )}
      {message.files?.map((file) => (
        <FileView key={file.id} spot={spot} file={file} />
      ))}
    </article>
  );
}

interface ComposeProps {
  account: AccountCard | undefined;
  to: Message | undefined;
  perform: Do;
  done(): void;
}

function Compose({ account, to, perform, done }: ComposeProps) {
  const [subject, setSubject] = useState(to ? `Re: ${bareSubject(to.title ?? "")}` : "");
  const [text, setText] = useState("");
  const send = async (event: Event) => {
    event.preventDefault();
    const reply = to ? { reply_to: to.id } : {};
    if (await perform("text", { title: subject, text, ...reply })) done();
  };
  return (
    <form class="mail" onSubmit={(event) => void send(event)}>
      <header class="head">
        <button type="button" class="tool" aria-label={words.cancel} onClick={done}>
          <Back />
        </button>
        <h2>{words.compose}</h2>
        <button type="submit" class="main" disabled={!text.trim()}>
          {words.send}
        </button>
      </header>
      <p class="to">
        {words.to}: <b>{account?.title}</b> {account?.username}
      </p>
      <input
        value={subject}
        placeholder={words.subject}
        aria-label={words.subject}
        onInput={(event) => setSubject(event.currentTarget.value)}
      />
      <textarea
        value={text}
        placeholder={words.letter}
        aria-label={words.letter}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}
