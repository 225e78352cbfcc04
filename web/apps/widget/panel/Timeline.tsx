import { Component, createRef } from "preact";
import { useAround, useChat } from "./around";
import { BubbleView } from "./Bubble";
import { Icon } from "./icons";
import { fill } from "./strings";
import { type Group, rowsOf } from "./timeline";

const NEAR_PX = 120;
const DAY_MS = 86_400_000;

/** The conversation: earlier pages come when the person scrolls up, new messages keep the end. */
export class Timeline extends Component<object, { away: boolean }> {
  override state = { away: false };
  box = createRef<HTMLElement>();
  first = "";
  height = 0;
  watch = new ResizeObserver(() => this.settle());

  override componentDidMount(): void {
    const box = this.box.current;
    if (box) this.watch.observe(box);
    if (box?.firstElementChild) this.watch.observe(box.firstElementChild);
  }

  override componentWillUnmount(): void {
    this.watch.disconnect();
  }

  override componentDidUpdate(): void {
    this.settle();
  }

  /** Keep the end in sight, or the place that is being read when earlier messages come above it. */
  settle(): void {
    const box = this.box.current;
    if (!box) return;
    const first = useChat().messages[0]?.id ?? "";
    if (!this.state.away) box.scrollTop = box.scrollHeight;
    else if (first !== this.first) box.scrollTop += box.scrollHeight - this.height;
    this.first = first;
    this.height = box.scrollHeight;
  }

  toEnd = (): void => this.setState({ away: false });

  scrolled = (): void => {
    const box = this.box.current;
    if (!box) return;
    const away = box.scrollHeight - box.scrollTop - box.clientHeight > NEAR_PX;
    if (away !== this.state.away) this.setState({ away });
    if (box.scrollTop < NEAR_PX && away) void useAround().chat.earlier();
  };

  render() {
    const { chat, words, locale } = useAround();
    const { messages, waiting, settings, typing, more } = useChat();
    const rows = rowsOf(messages, waiting);
    return (
      <div class="middle">
        <section
          class="timeline"
          ref={this.box}
          onScroll={this.scrolled}
          aria-label={words.messages}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region is reached by keyboard
          tabIndex={0}
        >
          <div class="sheet">
            {more && (
              <button type="button" class="quiet" onClick={() => void chat.earlier()}>
                {words.earlier}
              </button>
            )}
            {!more && settings?.greeting && (
              <div class="group theirs greeting">
                <div class="bubble">{settings.greeting}</div>
              </div>
            )}
            {rows.map((row) =>
              row.kind === "day" ? (
                <div class="day" key={row.key}>
                  {dayOf(row.at, locale, words)}
                </div>
              ) : (
                <GroupView key={row.group.key} group={row.group} />
              ),
            )}
            {typing && (
              <div class="author typing" aria-hidden="true">
                {fill(words.typing, typing.trim() || words.operator)}
              </div>
            )}
          </div>
        </section>
        {this.state.away && (
          <button type="button" class="latest" aria-label={words.latest} onClick={this.toEnd}>
            <Icon name="down" />
          </button>
        )}
      </div>
    );
  }
}

function GroupView({ group }: { group: Group }) {
  const { words } = useAround();
  const mine = group.from === "contact";
  const author = group.author || words[group.from === "bot" ? "bot" : "operator"];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this names who speaks
    <div
      class={`group ${mine ? "mine" : "theirs"} ${group.from}`}
      role="group"
      aria-label={mine ? words.you : author}
    >
      {!mine && (
        <div class="author" aria-hidden="true">
          {author}
        </div>
      )}
      {group.bubbles.map((bubble, index) => (
        <BubbleView key={bubble.key} bubble={bubble} last={index === group.bubbles.length - 1} />
      ))}
    </div>
  );
}

function dayOf(at: number, locale: string, words: { today: string; yesterday: string }): string {
  const date = new Date(at).toDateString();
  if (date === new Date().toDateString()) return words.today;
  if (date === new Date(Date.now() - DAY_MS).toDateString()) return words.yesterday;
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "long" }).format(at);
}
