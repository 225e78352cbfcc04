// Everything that can be pressed: inline buttons, lists, cards, the business's keyboard.

import { useState } from "preact/hooks";
import { Cross, Lines } from "./marks";
import { FileView } from "./media";
import type { Do } from "./perform";
import type { Button, Card, Menu, Message, Spot } from "./wire";
import { words } from "./words";

interface Pressing {
  message: Message;
  perform: Do;
}

function pressed(button: Button, { message, perform }: Pressing): void {
  const named = button.payload ? { payload: button.payload } : { button: button.text };
  void perform("press", { message_id: message.id, ...named });
}

const COLORS = new Set(["primary", "positive", "negative"]);

/** A colour of the messenger's own by name, or one the business chose. */
function paint(button: Button): { "data-color"?: string; style?: Record<string, string> } {
  if (!button.color) return {};
  if (COLORS.has(button.color)) return { "data-color": button.color };
  return { style: { background: button.color } };
}

export function Key({ button, ...pressing }: { button: Button } & Pressing) {
  if (button.kind === "url" && button.url)
    return (
      <a href={button.url} target="_blank" rel="noreferrer noopener" {...paint(button)}>
        {button.text}
      </a>
    );
  return (
    <button type="button" onClick={() => pressed(button, pressing)} {...paint(button)}>
      {button.text}
    </button>
  );
}

export function InlineKeys({ message, perform }: Pressing) {
  if (!message.buttons?.length) return null;
  return (
    <div class="inline-keys">
      {message.buttons.map((row, place) => (
        <div key={`${place}-${row.map((button) => button.text).join()}`}>
          {row.map((button) => (
            <Key key={button.text} button={button} message={message} perform={perform} />
          ))}
        </div>
      ))}
    </div>
  );
}

export function MenuKey({ menu, ...pressing }: { menu: Menu } & Pressing) {
  const [open, setOpen] = useState(false);
  const choose = (button: Button) => {
    setOpen(false);
    pressed(button, pressing);
  };
  return (
    <div class="inline-keys">
      <div>
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Lines /> {menu.label}
        </button>
      </div>
      {open && <Sheet menu={menu} choose={choose} close={() => setOpen(false)} />}
    </div>
  );
}

interface SheetProps {
  menu: Menu;
  choose(button: Button): void;
  close(): void;
}

function Sheet({ menu, choose, close }: SheetProps) {
  const keyed = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
  };
  return (
    <div class="sheet" role="dialog" aria-label={menu.label} onKeyDown={keyed}>
      <header>
        <b>{menu.label}</b>
        <button type="button" class="tool" aria-label={words.close} onClick={close}>
          <Cross />
        </button>
      </header>
      {menu.sections.map(([title, rows]) => (
        <section key={title}>
          {title && <h3>{title}</h3>}
          {rows.map((row) => (
            <button key={row.payload ?? row.text} type="button" onClick={() => choose(row)}>
              <b>{row.text}</b>
              {row.note && <small>{row.note}</small>}
            </button>
          ))}
        </section>
      ))}
    </div>
  );
}

export function Cards({ spot, cards, ...pressing }: { spot: Spot; cards: Card[] } & Pressing) {
  return (
    <div class="cards">
      {cards.map((card, place) => (
        <article key={`${place}-${card.title}`}>
          {card.file && <FileView spot={spot} file={card.file} />}
          {card.title && <b>{card.title}</b>}
          {card.text && <p>{card.text}</p>}
          <div class="card-keys">
            {card.buttons?.map((button) => (
              <Key key={button.text} button={button} {...pressing} />
            ))}
          </div>
        </article>
      ))}
    </div>
  );
}

export function ReplyKeys({ rows, perform }: { rows: Button[][]; perform: Do }) {
  const tap = (key: Button) =>
    void perform("tap", { text: key.text, ...(key.payload ? { payload: key.payload } : {}) });
  return (
    <div class="reply-keys">
      {rows.map((row, place) => (
        <div key={`${place}-${row.map((key) => key.text).join()}`}>
          {row.map((key) => (
            <button key={key.text} type="button" onClick={() => tap(key)} {...paint(key)}>
              {key.text}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}
