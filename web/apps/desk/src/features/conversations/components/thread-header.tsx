/** Above the timeline: who this is, whose it is, and what can be done. */
import { ActionIcon, Button, Tooltip } from "@mantine/core";
import type { ConversationView } from "@otklik/client";
import { Face, LabelChip } from "@otklik/ui";
import {
  IconArrowBackUp,
  IconChecks,
  IconChevronLeft,
  IconLayoutSidebarRight,
} from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { caps, useCommand } from "../../../shell/keymap.ts";
import { PAIR, useMedia } from "../../../shell/media.ts";
import { channelTitle, nameOf, pictureOf } from "../../../shell/naming.ts";
import { t } from "../../../shell/words.ts";
import { reopen, resolve } from "../changes.ts";
import { readSearch, useLabels } from "../model.ts";
import { AssignMenu } from "./assign-menu.tsx";
import { LabelsMenu } from "./labels-menu.tsx";
import css from "./thread-header.module.css";

export function ThreadHeader({ view, onPane }: { view: ConversationView; onPane: () => void }) {
  const { row, contact } = view;
  const name = nameOf(contact.name, contact.id);
  const pair = useMedia(PAIR);
  const navigate = useNavigate();
  const search = readSearch(useSearch({ strict: false }));
  const labels = useLabels();
  return (
    <header className={css.header}>
      {pair ? null : (
        <ActionIcon
          aria-label={t("action.back")}
          onClick={() =>
            void navigate({ to: "/conversations", search: { ...search, at: undefined } })
          }
        >
          <IconChevronLeft size={20} />
        </ActionIcon>
      )}
      <button type="button" className={css.who} onClick={onPane} title={t("contact.open")}>
        <Face
          name={name}
          seed={contact.id}
          channel={row.channel}
          picture={pictureOf(row.picture_id)}
          size={32}
        />
        <span className={css.names}>
          <span className={css.name}>{name}</span>
          <span className={css.where}>
            {view.limits[row.inbox_id]?.title ?? channelTitle(row.channel)}
          </span>
        </span>
      </button>
      <span className={css.labels}>
        {row.label_ids.map((id) => {
          const label = labels.get(id);
          return label ? <LabelChip key={id} title={label.title} color={label.color} /> : null;
        })}
      </span>
      <div className={css.actions}>
        <LabelsMenu row={row} />
        <AssignMenu row={row} />
        <ResolveButton view={view} />
        <Tooltip label={t("keys.pane")}>
          <ActionIcon aria-label={t("keys.pane")} className={css.pane ?? ""} onClick={onPane}>
            <IconLayoutSidebarRight size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </div>
    </header>
  );
}

function ResolveButton({ view }: { view: ConversationView }) {
  const { row } = view;
  const open = row.state === "open";
  const act = () => void (open ? resolve(row.id) : reopen(row.id)).catch(() => undefined);
  useCommand("resolve", act);
  const Icon = open ? IconChecks : IconArrowBackUp;
  const word = t(open ? "conversation.resolve" : "conversation.reopen");
  return (
    <Tooltip label={`${word} · ${caps("resolve").join(" ")}`}>
      <Button
        size="xs"
        variant={open ? "filled" : "default"}
        leftSection={<Icon size={16} />}
        className={css.resolve ?? ""}
        aria-label={word}
        onClick={act}
      >
        {word}
      </Button>
    </Tooltip>
  );
}
