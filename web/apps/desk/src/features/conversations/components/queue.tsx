/** The list of conversations: a virtual list over an endless one. */

import { Bones } from "@otklik/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useEffectEvent, useRef } from "react";
import { useCommand } from "../../../shell/keymap.ts";
import { LoadFailed } from "../../../shell/load-failed.tsx";
import { t } from "../../../shell/words.ts";
import { queueQuery } from "../api.ts";
import { filterOf, type QueueSearch, useLabels, VIEWS } from "../model.ts";
import css from "./queue.module.css";
import { QueueEmpty } from "./queue-empty.tsx";
import { QueueHeader } from "./queue-header.tsx";
import { QueueRowLink } from "./queue-row.tsx";

const ROW_HEIGHT = 64;
const NEAR_END = 10;

export function Queue({ search, openId }: { search: QueueSearch; openId: string | undefined }) {
  const filter = filterOf(search);
  const queue = useInfiniteQuery(queueQuery(filter));
  const rows = queue.data?.pages.flatMap((page) => page.items) ?? [];
  useQueueKeys(
    search,
    rows.map((row) => row.id),
    openId,
  );
  return (
    <>
      <QueueHeader search={search} />
      {queue.isPending ? <Bones rows={8} shape="row" /> : null}
      {queue.isError && rows.length === 0 ? (
        <LoadFailed error={queue.error} onRetry={() => void queue.refetch()} />
      ) : null}
      {queue.isSuccess && rows.length === 0 ? <QueueEmpty search={search} /> : null}
      {rows.length > 0 ? (
        <Rows
          rows={rows}
          search={search}
          openId={openId}
          more={queue.hasNextPage && !queue.isFetchingNextPage}
          onMore={() => void queue.fetchNextPage()}
        />
      ) : null}
    </>
  );
}

interface RowsProps {
  rows: Parameters<typeof QueueRowLink>[0]["row"][];
  search: QueueSearch;
  openId: string | undefined;
  more: boolean;
  onMore: () => void;
}

function Rows({ rows, search, openId, more, onMore }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const labels = useLabels();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - NEAR_END) onMore();
  }, [more, last, rows.length, onMore]);
  const show = useEffectEvent((id: string | undefined) => {
    const index = rows.findIndex((row) => row.id === id);
    if (index >= 0) virtual.scrollToIndex(index, { align: "auto" });
  });
  // Only when another one is opened: an answered conversation moves down, the eye stays on top.
  useEffect(() => show(openId), [openId]);
  return (
    <div ref={scroller} className={css.scroller}>
      <ul
        className={css.list}
        aria-label={t("queue.title")}
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map((item) => {
          const row = rows[item.index];
          return row ? (
            <li
              key={item.key}
              className={css.item}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <QueueRowLink row={row} search={search} labels={labels} />
            </li>
          ) : null;
        })}
      </ul>
    </div>
  );
}

function useQueueKeys(search: QueueSearch, ids: string[], openId: string | undefined): void {
  const navigate = useNavigate();
  const open = (step: number) => {
    const at = openId ? ids.indexOf(openId) : step > 0 ? -1 : ids.length;
    const conversationId = ids[Math.min(ids.length - 1, Math.max(0, at + step))];
    if (!conversationId) return;
    void navigate({
      to: "/conversations/$conversationId",
      params: { conversationId },
      search: { ...search, at: undefined },
    });
  };
  const view = (index: number) => {
    const next = VIEWS[index];
    if (next)
      void navigate({ to: "/conversations", search: { ...search, view: next, at: undefined } });
  };
  useCommand("next", () => open(1));
  useCommand("previous", () => open(-1));
  useCommand("mine", () => view(0));
  useCommand("unassigned", () => view(1));
  useCommand("all", () => view(2));
  useCommand("resolved", () => view(3));
}
