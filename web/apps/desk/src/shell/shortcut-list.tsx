/** Every shortcut, grouped. */
import { Modal } from "@mantine/core";
import { Key } from "@otklik/ui";
import { type Command, caps, KEYMAP, type Shortcut } from "./keymap.ts";
import css from "./shortcut-list.module.css";
import { t, type WordKey } from "./words.ts";

const GROUPS: Shortcut["group"][] = [
  "keys.queue",
  "keys.conversation",
  "keys.reply",
  "keys.everywhere",
];

/** Keys a field answers to by itself. */
const WRITING: { word: WordKey; keys: string[] }[] = [
  { word: "keys.send", keys: ["Enter"] },
  { word: "keys.newLine", keys: ["Shift", "Enter"] },
  { word: "keys.editLast", keys: ["↑"] },
];

export function ShortcutList({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("keys.title")}
      size="lg"
      attributes={{ content: { "data-opened-by": "help" } }}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <p className={css.hint}>{t("keys.hint")}</p>
      <div className={css.groups}>
        {GROUPS.map((group) => (
          <section key={group}>
            <h2 className={css.title}>{t(group)}</h2>
            <dl className={css.list}>
              {commandsOf(group).map((command) => (
                <Row key={command} word={KEYMAP[command].word} keys={caps(command)} />
              ))}
              {group === "keys.reply"
                ? WRITING.map((one) => <Row key={one.word} word={one.word} keys={one.keys} />)
                : null}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}

function commandsOf(group: Shortcut["group"]): Command[] {
  return (Object.keys(KEYMAP) as Command[]).filter((command) => KEYMAP[command].group === group);
}

function Row({ word, keys }: { word: WordKey; keys: string[] }) {
  return (
    <div className={css.row}>
      <dt>{t(word)}</dt>
      <dd>
        {keys.map((key) => (
          <Key key={key}>{key}</Key>
        ))}
      </dd>
    </div>
  );
}
