/** Ctrl+K: every command, every contact and every message from one field. */
import { Modal, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Key } from "@otklik/ui";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useState } from "react";
import { holdKeysFor } from "../../shell/held-keys.ts";
import { useCommand } from "../../shell/keymap.ts";
import { t } from "../../shell/words.ts";
import { searchQuery } from "./api.ts";
import { useCommands } from "./commands.tsx";
import { type Entry, foundEntries } from "./entries.tsx";
import css from "./search.module.css";

const LIMIT = 6;

export function Palette() {
  const [opened, setOpened] = useState(false);
  const navigate = useNavigate();
  useCommand("palette", () => {
    if (!opened) holdKeysFor("palette");
    setOpened(!opened);
  });
  useCommand("search", () => {
    holdKeysFor("search");
    void navigate({ to: "/search" });
  });
  return (
    <Modal
      opened={opened}
      onClose={() => setOpened(false)}
      withCloseButton={false}
      centered={false}
      padding={8}
      size={560}
      attributes={{ content: { "aria-label": t("keys.palette") } }}
    >
      <Finder onClose={() => setOpened(false)} />
    </Modal>
  );
}

function Finder({ onClose }: { onClose: () => void }) {
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const [settled] = useDebouncedValue(words, 150);
  const { data } = useQuery(searchQuery(settled, LIMIT));
  const navigate = useNavigate();
  const commands = useCommands(words);
  const found = words.trim().length < 2 ? [] : foundEntries(data, settled, navigate);
  const entries = [...commands, ...found];
  const current = Math.min(at, Math.max(0, entries.length - 1));
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((current + step + entries.length) % Math.max(1, entries.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(entries[current]);
    }
  };
  return (
    <>
      <TextInput
        size="md"
        data-autofocus
        data-opened-by="palette"
        leftSection={<IconSearch size={18} stroke={1.7} />}
        placeholder={t("palette.placeholder")}
        aria-label={t("palette.placeholder")}
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={entries[current] ? `palette-${entries[current].key}` : undefined}
        value={words}
        onKeyDown={press}
        onChange={(event) => {
          setWords(event.currentTarget.value);
          setAt(0);
        }}
      />
      <div
        className={css.paletteList}
        id="palette-list"
        role="listbox"
        aria-label={t("keys.palette")}
      >
        {entries.map((entry, index) => (
          <EntryRow
            key={entry.key}
            entry={entry}
            first={entry.group !== entries[index - 1]?.group}
            selected={index === current}
            onRun={() => run(entry)}
          />
        ))}
        {entries.length === 0 ? (
          <p className={css.none}>{t("palette.nothing", { words: words.trim() })}</p>
        ) : null}
      </div>
    </>
  );
}

interface RowProps {
  entry: Entry;
  first: boolean;
  selected: boolean;
  onRun: () => void;
}

function EntryRow({ entry, first, selected, onRun }: RowProps) {
  return (
    <>
      {first ? <div className={css.title}>{t(entry.group)}</div> : null}
      <button
        type="button"
        id={`palette-${entry.key}`}
        role="option"
        aria-selected={selected}
        tabIndex={-1}
        className={css.command}
        ref={(node) => {
          if (selected) node?.scrollIntoView({ block: "nearest" });
        }}
        onClick={onRun}
      >
        {entry.icon}
        <span>{entry.title}</span>
        <span className={css.keys}>
          {entry.keys.map((key) => (
            <Key key={key}>{key}</Key>
          ))}
        </span>
      </button>
    </>
  );
}
