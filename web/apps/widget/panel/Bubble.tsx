import { useAround, useChat } from "./around";
import { Icon } from "./icons";
import { Late } from "./Late";
import { isJumbo } from "./text";
import type { Bubble } from "./timeline";
import { Words } from "./Words";

/** One message, or one album: words, media, buttons, time and ticks. */
export function BubbleView({ bubble, last }: { bubble: Bubble; last: boolean }) {
  const { words, chat } = useAround();
  const message = bubble.messages[0];
  if (message?.deleted) return <div class="bubble gone">{words.deleted}</div>;
  const text = bubble.messages.find((each) => each.text)?.text ?? bubble.waiting?.send.text ?? "";
  const label = bubble.waiting?.send.press?.label ?? "";
  const kind = message?.kind ?? bubble.waiting?.send.kind ?? "text";
  const bare = kind === "sticker" || (kind === "text" && isJumbo(text));
  return (
    <>
      <div class={`bubble ${bare ? "bare" : ""} ${kind === "press" ? "press" : ""}`}>
        <Late part="Above" bubble={bubble} />
        {kind === "unsupported" ? (
          <p class="words">{words.unsupported}</p>
        ) : (
          <Words text={text || label} entities={message?.entities ?? []} />
        )}
        {(last || message?.edited_at) && <Foot bubble={bubble} />}
        {message && message.from !== "contact" && (
          <button
            type="button"
            class="answer"
            aria-label="↩"
            title="↩"
            onClick={() => {
              chat.reply(message);
              document.querySelector("textarea")?.focus();
            }}
          >
            <Icon name="reply" size={18} />
          </button>
        )}
      </div>
      <Late part="Below" bubble={bubble} />
    </>
  );
}

function Foot({ bubble }: { bubble: Bubble }) {
  const { words, locale } = useAround();
  const time = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  return (
    <span class="foot">
      {bubble.messages.some((message) => message.edited_at) && <span>{words.edited}</span>}
      <time dateTime={new Date(bubble.at).toISOString()}>{time.format(bubble.at)}</time>
      <Tick bubble={bubble} />
    </span>
  );
}

function Tick({ bubble }: { bubble: Bubble }) {
  const { words } = useAround();
  const { accepted, readByOperator } = useChat();
  const message = bubble.messages.at(-1);
  if (message && message.from !== "contact") return null;
  const read = message && message.seq <= readByOperator;
  const item = bubble.waiting;
  const here = message || (item && accepted.has(item.client_id));
  const [icon, word] = item?.refused
    ? (["alert", words.refused] as const)
    : read
      ? (["ticks", words.read] as const)
      : here
        ? (["tick", words.accepted] as const)
        : (["clock", words.waiting] as const);
  return (
    <span class="tick" role="img" aria-label={word} title={word}>
      <Icon name={icon} size={16} />
    </span>
  );
}
