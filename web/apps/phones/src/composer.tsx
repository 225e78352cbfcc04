// Where the person writes: text, attachments, stickers, and the bot's own keyboard.

import { useEffect, useRef, useState } from "preact/hooks";
import { summary } from "./bubble";
import { Clip, Cross, Keys, Plane, Smile } from "./marks";
import { Animated } from "./media";
import { loadSamples, sampleUrl } from "./sandbox";
import type { Chat, Message, Sample } from "./wire";
import { words } from "./words";

export type Focus = { kind: "edit" | "reply"; message: Message } | null;
export type Do = (name: string, body?: object | FormData) => Promise<boolean>;

interface Props {
  chat: Chat;
  focus: Focus;
  clear(): void;
  perform: Do;
}

export function Composer({ chat, focus, clear, perform }: Props) {
  const [open, setOpen] = useState<"" | "attach" | "stickers" | "keys">("");
  const keys = chat.keyboard?.keyboard;
  useEffect(() => setOpen(keys ? "keys" : ""), [keys]);
  const toggle = (what: typeof open) => setOpen(open === what ? "" : what);
  const once: Do = (name, body) => {
    setOpen("");
    return perform(name, body);
  };
  if (chat.blocked)
    return (
      <footer class="composer">
        <button type="button" class="wide" onClick={() => void perform("unblock")}>
          {words.unblock}
        </button>
      </footer>
    );
  if (chat.messages.length === 0)
    return (
      <footer class="composer">
        <button type="button" class="wide" onClick={() => void perform("start")}>
          {words.start}
        </button>
      </footer>
    );
  return (
    <footer class="composer">
      {focus && <Focused focus={focus} clear={clear} />}
      {open === "attach" && <Attach perform={once} />}
      <div class="row">
        <Tool label={words.attach} pressed={open === "attach"} act={() => toggle("attach")}>
          <Clip />
        </Tool>
        <Writing
          focus={focus}
          clear={clear}
          perform={perform}
          hint={chat.keyboard?.input_field_placeholder}
        />
        {keys && (
          <Tool label={words.keys} pressed={open === "keys"} act={() => toggle("keys")}>
            <Keys />
          </Tool>
        )}
        <Tool label={words.sticker} pressed={open === "stickers"} act={() => toggle("stickers")}>
          <Smile />
        </Tool>
      </div>
      {open === "stickers" && <Stickers perform={once} />}
      {open === "keys" && keys && <ReplyKeys rows={keys} perform={perform} />}
    </footer>
  );
}

interface ToolProps {
  label: string;
  pressed: boolean;
  act(): void;
  children: preact.ComponentChildren;
}

function Tool({ label, pressed, act, children }: ToolProps) {
  return (
    <button
      type="button"
      class="tool"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={act}
    >
      {children}
    </button>
  );
}

function Focused({ focus, clear }: { focus: NonNullable<Focus>; clear(): void }) {
  return (
    <div class="focused">
      <div>
        <b>{focus.kind === "edit" ? words.editing : words.replying}</b>
        <span>{summary(focus.message)}</span>
      </div>
      <button type="button" class="tool" aria-label={words.cancel} onClick={clear}>
        <Cross />
      </button>
    </div>
  );
}

interface WritingProps {
  focus: Focus;
  clear(): void;
  perform: Do;
  hint: string | undefined;
}

function Writing({ focus, clear, perform, hint }: WritingProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  useEffect(() => {
    if (focus?.kind === "edit") setText(focus.message.text ?? focus.message.caption ?? "");
    if (focus) field.current?.focus();
  }, [focus]);
  const send = async () => {
    const words = text.trim();
    if (!words) return;
    setText("");
    const id = focus?.message.message_id;
    const done =
      focus?.kind === "edit"
        ? await perform("edit", { message_id: id, text: words })
        : await perform("text", { text: words, ...(id ? { reply_to: id } : {}) });
    if (done) clear();
    else setText(words);
  };
  const keyed = (event: KeyboardEvent) => {
    if (event.key === "Escape") clear();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void send();
  };
  return (
    <>
      <textarea
        ref={field}
        rows={1}
        value={text}
        placeholder={hint ?? words.write}
        aria-label={words.write}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={keyed}
      />
      {text.trim() && (
        <button type="button" class="tool send" aria-label={words.send} onClick={() => void send()}>
          <Plane />
        </button>
      )}
    </>
  );
}

function Attach({ perform }: { perform: Do }) {
  const picked = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    if (!file) return;
    const form = new FormData();
    form.set("kind", file.type.startsWith("image/") ? "photo" : "document");
    form.set("file", file);
    void perform("file", form);
  };
  return (
    <div class="attach">
      <label>
        {words.picture}
        <input type="file" accept="image/*" onChange={picked} />
      </label>
      <button type="button" onClick={() => void perform("file", { kind: "voice" })}>
        {words.voice}
      </button>
      <button type="button" onClick={() => void perform("location")}>
        {words.place}
      </button>
      <button type="button" onClick={() => void perform("contact")}>
        {words.contact}
      </button>
    </div>
  );
}

function Stickers({ perform }: { perform: Do }) {
  const [samples, setSamples] = useState<Sample[]>([]);
  useEffect(() => void loadSamples().then(setSamples), []);
  return (
    <div class="stickers">
      {samples
        .filter((sample) => sample.kind === "sticker")
        .map((sample) => (
          <button
            key={sample.name}
            type="button"
            aria-label={sample.emoji ?? sample.name}
            onClick={() => void perform("file", { kind: "sticker", sample: sample.name })}
          >
            <Preview sample={sample} />
          </button>
        ))}
    </div>
  );
}

function Preview({ sample }: { sample: Sample }) {
  const src = sampleUrl(sample.name);
  if (sample.name.endsWith(".tgs")) return <Animated src={src} label={sample.emoji ?? ""} />;
  if (sample.name.endsWith(".webm")) return <video src={src} muted loop autoplay playsInline />;
  return <img src={src} alt="" />;
}

function ReplyKeys({ rows, perform }: { rows: { text: string }[][]; perform: Do }) {
  return (
    <div class="reply-keys">
      {rows.map((row) => (
        <div key={row.map((key) => key.text).join()}>
          {row.map((key) => (
            <button
              key={key.text}
              type="button"
              onClick={() => void perform("tap", { text: key.text })}
            >
              {key.text}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}
