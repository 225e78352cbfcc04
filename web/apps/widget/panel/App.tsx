import { Component, createRef } from "preact";
import { useAround, useChat } from "./around";
import { Composer } from "./Composer";
import { fill } from "./strings";
import { Timeline } from "./Timeline";
import { Tool } from "./Tool";

/** The whole panel: a dialog with a header, the timeline and the box to write in. */
export class App extends Component<object, { over: boolean }> {
  override state = { over: false };
  root = createRef<HTMLDivElement>();
  composer = createRef<Composer>();

  keys = (event: KeyboardEvent): void => {
    if (event.key === "Escape") useAround().chat.close();
    if (event.key === "Tab" && useChat().phone) keepInside(event, this.root.current);
  };

  drag = (event: DragEvent): void => {
    event.preventDefault();
    this.setState({ over: event.type === "dragover" });
    if (event.type === "drop") this.composer.current?.add([...(event.dataTransfer?.files ?? [])]);
  };

  render() {
    const { words } = useAround();
    const { failed, settings } = useChat();
    if (failed) return <Failed />;
    return (
      <div
        ref={this.root}
        class="panel"
        role="dialog"
        aria-label={settings?.title || words.messages}
        onKeyDown={this.keys}
        onDragOver={this.drag}
        onDragLeave={this.drag}
        onDrop={this.drag}
      >
        <Header />
        <Timeline />
        <Composer ref={this.composer} />
        {this.state.over && <div class="drop">{words.drop}</div>}
        <Announcer />
      </div>
    );
  }
}

function Header() {
  const { chat, words } = useAround();
  const { settings, online, expired, settled } = useChat();
  let line = words.answerHere;
  if (!online) line = settled || !navigator.onLine ? words.offline : words.connecting;
  if (expired) line = words.expired;
  const title = settings?.title ?? "";
  return (
    <header class="head">
      <span class="mark" aria-hidden="true">
        {title.replace(/[^\p{L}\p{N}]/gu, "").slice(0, 1)}
      </span>
      <div class="name">
        <h1>
          {title}
          {settings?.sandbox && <span class="chip">{words.sandbox}</span>}
        </h1>
        <p class={online && !expired ? "" : "warn"} role="status">
          {line}
        </p>
      </div>
      <Tool icon="close" label={words.close} act={chat.close} />
    </header>
  );
}

function Failed() {
  const { chat, words } = useAround();
  return (
    <div class="panel failed" role="alert">
      <h1>{words.failed}</h1>
      <p>{words.failedWhy}</p>
      <button type="button" class="main" onClick={() => void chat.start()}>
        {words.retry}
      </button>
      <Tool icon="close" label={words.close} act={chat.close} />
    </div>
  );
}

/** Says to a screen reader what has just come; the old timeline stays quiet. */
class Announcer extends Component {
  first: string | undefined;

  render() {
    const { words } = useAround();
    const { messages, typing, settled } = useChat();
    const last = messages.findLast((message) => message.from !== "contact");
    if (settled) this.first ??= last?.id ?? "";
    const fresh = settled && last && last.id !== this.first;
    return (
      <div class="unseen" aria-live="polite">
        {fresh && `${last.author_name || words.operator}: ${last.text || nameOf(last.kind, words)}`}
        {typing && fill(words.typing, typing.trim() || words.operator)}
      </div>
    );
  }
}

function nameOf(kind: string, words: object): string {
  const word = (words as Record<string, unknown>)[kind];
  return typeof word === "string" ? word : kind;
}

/** On a phone the chat is the whole screen: Tab goes round inside it. */
function keepInside(event: KeyboardEvent, root: HTMLElement | null): void {
  const stops = [...(root?.querySelectorAll<HTMLElement>("button,a[href],textarea") ?? [])].filter(
    (stop) => stop.offsetParent && !(stop as HTMLButtonElement).disabled,
  );
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}
