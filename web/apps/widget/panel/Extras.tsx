import { useAround, useChat } from "./around";
import sheet from "./extras.css?inline";
import { safeUrl } from "./links";
import { Media } from "./Media";
import type { Waiting } from "./outbox";
import type { Bubble } from "./timeline";
import { WaitingMedia } from "./WaitingMedia";
import { wear } from "./wear";
import type { Message } from "./wire";

export { Formatted } from "./Formatted";

wear(sheet);

/** Above the words: what is answered, files, a place. */
export function Above({ bubble }: { bubble: Bubble }) {
  const { messages, waiting } = bubble;
  const quoted = messages[0]?.reply_to_id ?? waiting?.send.reply_to_id;
  return (
    <>
      {quoted && <Quote id={quoted} />}
      {waiting ? <WaitingMedia item={waiting} /> : <Media messages={messages} />}
    </>
  );
}

/** Below the bubble: buttons, or why it was not sent. */
export function Below({ bubble }: { bubble: Bubble }) {
  const { messages, waiting } = bubble;
  return (
    <>
      {messages[0] && <Buttons message={messages[0]} />}
      {waiting?.refused && <Refusal item={waiting} />}
    </>
  );
}

function Refusal({ item }: { item: Waiting }) {
  const { chat, words } = useAround();
  return (
    <div class="refused" role="alert">
      <span>{item.refused === "?" ? words.refused : item.refused}</span>
      <button type="button" onClick={() => chat.again(item)}>
        {words.again}
      </button>
      <button type="button" onClick={() => chat.drop(item)}>
        {words.remove}
      </button>
    </div>
  );
}

function Quote({ id }: { id: string }) {
  const { words } = useAround();
  const { messages } = useChat();
  const quoted = messages.find((message) => message.id === id);
  if (!quoted) return null;
  return (
    <div class="quote">
      <b>{quoted.from === "contact" ? words.you : quoted.author_name || words.operator}</b>
      <span>{quoted.deleted ? words.deleted : quoted.text || "…"}</span>
    </div>
  );
}

function Buttons({ message }: { message: Message }) {
  const { chat } = useAround();
  if (!message.buttons.length) return null;
  return (
    <div class="buttons">
      {message.buttons.map((row) => (
        <div key={row.map((button) => button.label).join()}>
          {row.map((button) => {
            const href = safeUrl(button.url ?? "");
            const { label, payload } = button;
            if (payload)
              return (
                <button
                  type="button"
                  key={label}
                  onClick={() =>
                    chat.send({ kind: "press", press: { message_id: message.id, payload, label } })
                  }
                >
                  {label}
                </button>
              );
            if (!href) return <span key={label}>{label}</span>;
            return (
              <a key={label} href={href} target="_blank" rel="noopener noreferrer nofollow">
                {label}
              </a>
            );
          })}
        </div>
      ))}
    </div>
  );
}
