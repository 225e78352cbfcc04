// Where the person writes: text, attachments, stickers, and the business's own keyboard.

import { useEffect, useRef, useState } from "preact/hooks";
import { Attach, Stickers } from "./attach";
import { summary } from "./bubble";
import { ReplyKeys } from "./keys";
import { Clip, Cross, Keys, Plane, Smile } from "./marks";
import type { Do } from "./perform";
import type { Chat, Message } from "./wire";
import { words } from "./words";

export type Focus = { kind: "edit" | "reply"; message: Message } | null;

interface Props {
  chat: Chat;
  focus: Focus;
  clear(): void;
  perform: Do;
  can(act: string): boolean;
  startsFirst: boolean;
}

export function Composer({ chat, focus, clear, perform, can, startsFirst }: Props) {
  const [open, setOpen] = useState<"" | "attach" | "stickers" | "keys">("");
  const keys = chat.keyboard?.rows.length ? chat.keyboard.rows : undefined;
  useEffect(() => setOpen(keys ? "keys" : ""), [keys]);
  const toggle = (what: typeof open) => setOpen(open === what ? "" : what);
  const once: Do = (name, fields, upload) => {
    setOpen("");
    return perform(name, fields, upload);
  };
  if (chat.blocked) return <Wide label={words.unblock} act={() => void perform("unblock")} />;
  if (startsFirst && chat.messages.length === 0)
    return <Wide label={words.start} act={() => void perform("start")} />;
  return (
    <footer class="composer">
      {focus && <Focused focus={focus} clear={clear} />}
      {open === "attach" && <Attach perform={once} can={can} />}
      <div class="row">
        <Tool label={words.attach} pressed={open === "attach"} act={() => toggle("attach")}>
          <Clip />
        </Tool>
        <Writing focus={focus} clear={clear} perform={perform} hint={chat.keyboard?.placeholder} />
        {keys && (
          <Tool label={words.keys} pressed={open === "keys"} act={() => toggle("keys")}>
            <Keys />
          </Tool>
        )}
        {can("sticker") && (
          <Tool label={words.sticker} pressed={open === "stickers"} act={() => toggle("stickers")}>
            <Smile />
          </Tool>
        )}
      </div>
      {open === "stickers" && <Stickers perform={once} />}
      {open === "keys" && keys && <ReplyKeys rows={keys} perform={perform} />}
    </footer>
  );
}

function Wide({ label, act }: { label: string; act(): void }) {
  return (
    <footer class="composer">
      <button type="button" class="wide" onClick={act}>
        {label}
      </button>
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
    if (focus?.kind === "edit") setText(focus.message.text ?? "");
    if (focus) field.current?.focus();
  }, [focus]);
  const send = async () => {
    const said = text.trim();
    if (!said) return;
    setText("");
    const id = focus?.message.id;
    const done =
      focus?.kind === "edit"
        ? await perform("edit", { message_id: id, text: said })
        : await perform("text", { text: said, ...(id ? { reply_to: id } : {}) });
    if (done) clear();
    else setText(said);
  };
  const keyed = (event: KeyboardEvent) => {
    if (event.key === "Escape") clear();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void send();
  };
  return (
    <div class="field">
      <textarea
        ref={field}
        rows={1}
        value={text}
        placeholder={hint || words.write}
        aria-label={words.write}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={keyed}
      />
      {text.trim() && (
        <button type="button" class="tool send" aria-label={words.send} onClick={() => void send()}>
          <Plane />
        </button>
      )}
    </div>
  );
}
