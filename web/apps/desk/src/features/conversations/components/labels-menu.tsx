/** Labels of a conversation: choose, or create by typing a new name. */
import { ActionIcon, Popover, TextInput, Tooltip } from "@mantine/core";
import type { QueueRow } from "@otklik/client";
import { LABEL_COLORS, LabelDot } from "@otklik/ui";
import { IconCheck, IconPlus, IconTag } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import { tellFailure } from "../../../shell/failure.ts";
import { holdKeysFor } from "../../../shell/held-keys.ts";
import { caps, useCommand } from "../../../shell/keymap.ts";
import { keys } from "../../../shell/keys.ts";
import { queryClient } from "../../../shell/live.ts";
import { t } from "../../../shell/words.ts";
import { createLabel } from "../api.ts";
import { setLabels } from "../changes.ts";
import { useLabels } from "../model.ts";
import css from "./labels-menu.module.css";

export function LabelsMenu({ row }: { row: QueueRow }) {
  const [opened, setOpened] = useState(false);
  useCommand("labels", () => {
    holdKeysFor("labels");
    setOpened(true);
  });
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={240} trapFocus>
      <Popover.Target>
        <Tooltip label={`${t("keys.labels")} · ${caps("labels").join(" ")}`}>
          <ActionIcon aria-label={t("keys.labels")} onClick={() => setOpened((open) => !open)}>
            <IconTag size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={8}>
        <Choice row={row} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Choice({ row }: { row: QueueRow }) {
  const labels = [...useLabels().values()];
  const [words, setWords] = useState("");
  const wanted = words.trim().toLocaleLowerCase();
  const found = labels.filter((label) => label.title.toLocaleLowerCase().includes(wanted));
  const isNew = wanted !== "" && !labels.some((one) => one.title.toLocaleLowerCase() === wanted);
  const toggle = (id: string) => {
    const has = row.label_ids.includes(id);
    const next = has ? row.label_ids.filter((one) => one !== id) : [...row.label_ids, id];
    void setLabels(row.id, next).catch(() => undefined);
  };
  const create = async () => {
    try {
      const color = LABEL_COLORS[(labels.length + 1) % LABEL_COLORS.length] ?? "gray";
      const label = await createLabel(words.trim(), color);
      await queryClient.invalidateQueries({ queryKey: keys.labels });
      setWords("");
      toggle(label.id);
    } catch (error) {
      tellFailure(error);
    }
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (found[0]) toggle(found[0].id);
    else if (isNew) void create();
  };
  return (
    <div className={css.choice}>
      <TextInput
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        onKeyDown={press}
        placeholder={t("labels.placeholder")}
        aria-label={t("labels.placeholder")}
        data-autofocus
        data-opened-by="labels"
      />
      <div className={css.list}>
        {found.map((label) => (
          <button
            key={label.id}
            type="button"
            className={css.item}
            aria-pressed={row.label_ids.includes(label.id)}
            onClick={() => toggle(label.id)}
          >
            <LabelDot color={label.color} />
            <span className={css.title}>{label.title}</span>
            {row.label_ids.includes(label.id) ? <IconCheck size={16} /> : null}
          </button>
        ))}
        {isNew ? (
          <button type="button" className={css.item} onClick={() => void create()}>
            <IconPlus size={14} />
            <span className={css.title}>{t("labels.create", { title: words.trim() })}</span>
          </button>
        ) : null}
        {labels.length === 0 && !isNew ? <p className={css.none}>{t("labels.none")}</p> : null}
      </div>
    </div>
  );
}
