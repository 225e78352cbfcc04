import { Component, type ComponentClass, createRef, type FunctionComponent } from "preact";
import { useAround, useChat } from "./around";
import { Icon } from "./icons";
import type { PickerProps } from "./Picker";
import { fill, sizeOf } from "./strings";
import { Tool } from "./Tool";
import { Words } from "./Words";

interface Draft {
  text: string;
  files: File[];
  trouble: string;
  Picker: FunctionComponent<PickerProps> | ComponentClass<PickerProps> | null;
}

const MOST_FILES = 10;
const DEFAULT_LIMIT = 20 * 1024 * 1024;

/** The box to write in: grows to a third of the panel, takes files by pick, paste and drop. */
export class Composer extends Component<object, Draft> {
  override state: Draft = { text: useAround().chat.draft(), files: [], trouble: "", Picker: null };
  area = createRef<HTMLTextAreaElement>();
  input = createRef<HTMLInputElement>();
  open = false;

  override componentDidMount(): void {
    this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    const area = this.area.current;
    const { open } = useChat();
    if (!area) return;
    if (open && !this.open) area.focus();
    this.open = open;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }

  add(fresh: readonly File[]): void {
    const { words } = useAround();
    const most = useChat().settings?.upload_bytes || DEFAULT_LIMIT;
    const fits = fresh.filter((file) => file.size <= most);
    const files = [...this.state.files, ...fits];
    let trouble = files.length > MOST_FILES ? words.tooMany : "";
    if (fits.length < fresh.length) trouble = fill(words.tooLarge, sizeOf(most, words));
    this.setState({ files: files.slice(0, MOST_FILES), trouble });
  }

  write(text: string): void {
    this.setState({ text });
    useAround().chat.draft(text);
    if (text) useAround().chat.typing();
  }

  submit = (): void => {
    const text = this.state.text.trim();
    const { files } = this.state;
    if (!text && !files.length) return;
    const blobs = files.map((file) => ({ name: file.name, mime: file.type, blob: file }));
    void useAround().chat.send({ kind: files.length ? "file" : "text", text }, blobs);
    this.write("");
    this.setState({ files: [], trouble: "" });
    this.area.current?.focus();
  };

  key = (event: KeyboardEvent): void => {
    // Where there is a keyboard Enter sends; on a phone it makes a line, as everywhere there.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    if (matchMedia("(pointer:coarse)").matches) return;
    event.preventDefault();
    this.submit();
  };

  paste = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.add(files);
  };

  insert = (sign: string): void => {
    const { text } = this.state;
    const area = this.area.current;
    const from = area?.selectionStart ?? text.length;
    const to = area?.selectionEnd ?? from;
    const caret = from + sign.length;
    this.write(text.slice(0, from) + sign + text.slice(to));
    requestAnimationFrame(() => area?.setSelectionRange(caret, caret));
  };

  pick = async (): Promise<void> => {
    const late = this.state.Picker ? null : await import("./Picker").catch(() => null);
    this.setState({ Picker: late?.Picker ?? null });
  };

  sticker = (file: File): void => {
    this.setState({ Picker: null });
    const blob = { name: file.name, mime: file.type, blob: file };
    void useAround().chat.send({ kind: "sticker" }, [blob]);
  };

  render() {
    const { chat, words } = useAround();
    const { settings, replyTo, messages, waiting } = useChat();
    const { text, files, trouble, Picker } = this.state;
    const consent = !messages.length && !waiting.length && settings?.consent_text;
    const quoted = replyTo && (replyTo.text || replyTo.author_name);
    return (
      <footer class="composer">
        {consent && (
          <div class="consent">
            <Words text={consent} entities={[]} />
          </div>
        )}
        {trouble && (
          <p class="trouble" role="alert">
            {trouble}
          </p>
        )}
        {quoted && <Pending icon="reply" text={quoted} remove={() => chat.reply(null)} />}
        {files.map((file) => (
          <Pending
            key={file.name + file.size}
            icon="file"
            text={file.name}
            remove={() => this.setState({ files: files.filter((other) => other !== file) })}
          />
        ))}
        {Picker && <Picker emoji={this.insert} sticker={this.sticker} close={this.pick} />}
        <div class="line">
          <Tool icon="clip" label={words.attach} act={() => this.input.current?.click()} />
          <input
            ref={this.input}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              this.add([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = "";
            }}
          />
          <textarea
            ref={this.area}
            rows={1}
            value={text}
            maxLength={4000}
            placeholder={words.write}
            aria-label={words.write}
            onInput={(event) => this.write(event.currentTarget.value)}
            onKeyDown={this.key}
            onPaste={this.paste}
          />
          <Tool icon="smile" label={words.emoji} expanded={Picker !== null} act={this.pick} />
          <Tool
            icon="send"
            label={words.send}
            off={!text.trim() && !files.length}
            act={this.submit}
          />
        </div>
      </footer>
    );
  }
}

interface PendingProps {
  icon: "reply" | "file";
  text: string;
  remove(): void;
}

function Pending({ icon, text, remove }: PendingProps) {
  return (
    <div class="pending">
      <span>
        <Icon name={icon} size={18} /> {text}
      </span>
      <Tool icon="close" label={useAround().words.remove} act={remove} />
    </div>
  );
}
