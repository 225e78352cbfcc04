/** Above the queue: which part of it, in which order, and what it is narrowed to. */
import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { ChannelMark, LabelDot } from "@otklik/ui";
import { IconArrowsSort, IconCheck, IconFilter, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useCommand } from "../../../shell/keymap.ts";
import { useMenuOpen } from "../../../shell/menu.tsx";
import { channelTitle } from "../../../shell/naming.ts";
import { t } from "../../../shell/words.ts";
import { inboxesQuery } from "../../inboxes/index.ts";
import { countsQuery } from "../api.ts";
import { filterOf, type QueueSearch, useLabels, VIEWS } from "../model.ts";
import css from "./queue-header.module.css";

export function QueueHeader({ search }: { search: QueueSearch }) {
  const menuOpen = useMenuOpen();
  const { view } = filterOf(search);
  return (
    <header className={css.header}>
      <div className={css.bar}>
        <h1 className={css.title}>{menuOpen ? t(`queue.${view}`) : t("queue.title")}</h1>
        <FilterMenu search={search} />
        <SortMenu search={search} />
      </div>
      {menuOpen ? null : <Tabs search={search} />}
      <Narrowed search={search} />
    </header>
  );
}

function Tabs({ search }: { search: QueueSearch }) {
  const { data: counts } = useQuery(countsQuery);
  const current = filterOf(search).view;
  return (
    <nav className={css.tabs} aria-label={t("queue.parts")}>
      {VIEWS.map((view) => (
        <Link
          key={view}
          to="/conversations"
          search={{ ...search, view, at: undefined }}
          className={css.tab ?? ""}
          data-current={view === current}
          aria-current={view === current ? "true" : undefined}
        >
          {t(`queue.${view}`)}
          {counts && view !== "resolved" ? (
            <span className={css.count}>{counts[view === "all" ? "open" : view]}</span>
          ) : null}
        </Link>
      ))}
    </nav>
  );
}

function SortMenu({ search }: { search: QueueSearch }) {
  const navigate = useNavigate();
  const { sort, view } = filterOf(search);
  const set = (next: "waiting" | "recent") =>
    void navigate({
      to: ".",
      search: { ...search, sort: next === "recent" ? next : undefined },
    });
  useCommand("sort", () => set(sort === "waiting" ? "recent" : "waiting"));
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Tooltip label={t("queue.sort")}>
          <ActionIcon aria-label={t("queue.sort")} disabled={view === "resolved"}>
            <IconArrowsSort size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {(["waiting", "recent"] as const).map((one) => (
          <Menu.Item
            key={one}
            rightSection={sort === one ? <IconCheck size={16} /> : null}
            onClick={() => set(one)}
          >
            {t(`queue.sort.${one}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function FilterMenu({ search }: { search: QueueSearch }) {
  const navigate = useNavigate();
  const labels = [...useLabels().values()];
  const { data: inboxes = [] } = useQuery(inboxesQuery);
  const channels = [...new Set(inboxes.map((inbox) => inbox.channel))];
  const set = (change: QueueSearch) => void navigate({ to: ".", search: { ...search, ...change } });
  const active = Boolean(search.label || search.channel);
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Tooltip label={t("queue.filter")}>
          <ActionIcon
            aria-label={t("queue.filter")}
            color={active ? "teal" : "gray"}
            variant={active ? "light" : "subtle"}
          >
            <IconFilter size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("queue.channel")}</Menu.Label>
        {channels.map((channel) => (
          <Menu.Item
            key={channel}
            leftSection={<ChannelMark channel={channel} />}
            rightSection={search.channel === channel ? <IconCheck size={16} /> : null}
            onClick={() => set({ channel: search.channel === channel ? "" : channel })}
          >
            {channelTitle(channel)}
          </Menu.Item>
        ))}
        {labels.length > 0 ? <Menu.Label>{t("queue.label")}</Menu.Label> : null}
        {labels.map((label) => (
          <Menu.Item
            key={label.id}
            leftSection={<LabelDot color={label.color} />}
            rightSection={search.label === label.id ? <IconCheck size={16} /> : null}
            onClick={() => set({ label: search.label === label.id ? "" : label.id })}
          >
            {label.title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Narrowed({ search }: { search: QueueSearch }) {
  const label = useLabels().get(search.label ?? "");
  if (!search.channel && !search.label) return null;
  return (
    <div className={css.narrowed}>
      {search.channel ? (
        <Link to="." search={{ ...search, channel: undefined }} className={css.chip ?? ""}>
          <ChannelMark channel={search.channel} size={14} />
          {channelTitle(search.channel)}
          <IconX size={12} />
        </Link>
      ) : null}
      {search.label ? (
        <Link to="." search={{ ...search, label: undefined }} className={css.chip ?? ""}>
          <LabelDot color={label?.color ?? "gray"} />
          {label?.title ?? t("queue.label")}
          <IconX size={12} />
        </Link>
      ) : null}
    </div>
  );
}
