/** Where the reply is typed. */
import { type ClipboardEvent, type KeyboardEvent, type Ref, useEffect, useRef } from "react";
import { KEYMAP, matches } from "../../../../shell/keymap.ts";
import { socket } from "../../../../shell/link.ts";
import { usePreference } from "../../../../shell/preferences.ts";
import { t } from "../../../../shell/words.ts";
import { keepDraft } from "../../drafts.ts";
import { toggleSign } from "../../formatting.ts";
import { useThread } from "../thread-context.tsx";
import css from "./composer.module.css";
import { useLastOwn } from "./use-last-own.ts";

const TYPING_EVERY_MS = 3000;

interface Props {
  ref: Ref<HTMLTextAreaElement>;
  id: string;
  text: string;
  note: boolean;
  onText: (text: string) => void;
  onSend: () => void;
  onFiles: (files: File[]) => void;
}

export function Field({ ref, id, text, note, onText, onSend, onFiles }: Props) {
  const sendKey = usePreference("sendKey");
  const { editing, setEditing, replyTo, setReplyTo } = useThread();
  const lastOwn = useLastOwn(id);
  const box = useRef<HTMLTextAreaElement>(null);
  const told = useRef(0);
  useGrowth(box, text);
  const change = (next: string) => {
    onText(next);
    if (!editing) keepDraft(id, { text: next, note });
    if (note || Date.now() - told.current < TYPING_EVERY_MS) return;
    told.current = Date.now();
    socket.typing(id);
  };
  const leave = (field: HTMLTextAreaElement) => {
    if (!(editing || replyTo)) field.blur();
    setEditing(undefined);
    setReplyTo(undefined);
  };
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const field = event.currentTarget;
    const deed = deedOf(event, sendKey);
    if (deed === undefined || (deed === "editLast" && (text !== "" || !lastOwn))) return;
    event.preventDefault();
    if (deed === "send") onSend();
    else if (deed === "editLast") setEditing(lastOwn);
    else if (deed === "leave") leave(field);
    else applySign(field, deed, change);
  };
  const paste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    onFiles(files);
  };
  return (
    <textarea
      ref={(node) => {
        box.current = node;
        if (typeof ref === "function") ref(node);
        else if (ref) ref.current = node;
      }}
      className={css.field}
      rows={1}
      value={text}
      placeholder={t(note ? "composer.notePlaceholder" : "composer.placeholder")}
      aria-label={t(note ? "composer.notePlaceholder" : "composer.placeholder")}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={press}
      onPaste={paste}
    />
  );
}

type Deed = "send" | "editLast" | "leave" | "**" | "__";

/** What a key press in the field asks for. */
function deedOf(event: KeyboardEvent, sendKey: "enter" | "ctrl"): Deed | undefined {
  const native = event.nativeEvent;
  if (native.isComposing) return undefined;
  if (matches(native, KEYMAP.bold)) return "**";
  if (matches(native, KEYMAP.italic)) return "__";
  if (event.key === "Escape") return "leave";
  if (event.key === "ArrowUp") return "editLast";
  if (event.key !== "Enter" || event.shiftKey) return undefined;
  return event.ctrlKey || event.metaKey || sendKey === "enter" ? "send" : undefined;
}

function applySign(field: HTMLTextAreaElement, sign: string, change: (text: string) => void): void {
  const next = toggleSign(field.value, field.selectionStart, field.selectionEnd, sign);
  change(next.text);
  requestAnimationFrame(() => field.setSelectionRange(next.start, next.end));
}

/** The field is as tall as its text, up to the limit in the style sheet. */
function useGrowth(box: { current: HTMLTextAreaElement | null }, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height depends on the text
  useEffect(() => {
    const field = box.current;
    if (!field) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }, [box, text]);
}
