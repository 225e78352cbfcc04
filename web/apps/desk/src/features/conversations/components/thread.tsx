/** The timeline of a contact: newest at the bottom, older ones loaded on the way up. */
import type { ConversationView, MessageView } from "@otklik/client";
import { Bones } from "@otklik/ui";
import { IconArrowDown } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useCommand } from "../../../shell/keymap.ts";
import { LoadFailed } from "../../../shell/load-failed.tsx";
import { nameOf } from "../../../shell/naming.ts";
import { useNow } from "../../../shell/now.ts";
import { dayName } from "../../../shell/time.ts";
import { useTyping } from "../../../shell/typing.ts";
import { t } from "../../../shell/words.ts";
import { messagesQuery } from "../api.ts";
import { markRead } from "../changes.ts";
import { useOutgoing } from "../outbox.ts";
import { arrange, type Day, type Line } from "../timeline.ts";
import { GroupView } from "./group.tsx";
import { OutgoingBubble } from "./outgoing-bubble.tsx";
import { SystemLine } from "./system-line.tsx";
import css from "./thread.module.css";
import { useJump } from "./use-jump.ts";

const NEAR_TOP = 800;
const NEAR_END = 80;

export function Thread({ view, at }: { view: ConversationView; at: number | undefined }) {
  const { row } = view;
  const query = useInfiniteQuery(messagesQuery(row.id));
  const messages = useMemo(() => ascending(query.data?.pages), [query.data]);
  const [readSeq] = useState(row.unread > 0 ? row.operator_read_seq : null);
  const days = useMemo(() => arrange(messages, readSeq), [messages, readSeq]);
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const toEnd = () => scroller.current?.scrollTo({ top: 0, behavior: "smooth" });
  useCommand("last", toEnd);
  useReading(view);
  useJump(at, messages, query, scroller);
  const scrolled = () => {
    const box = scroller.current;
    if (!box) return;
    // In a reversed column the end is 0 and the way up is negative.
    setAtEnd(box.scrollTop > -NEAR_END);
    const left = box.scrollHeight - box.clientHeight + box.scrollTop;
    if (left < NEAR_TOP && query.hasNextPage && !query.isFetching) void query.fetchNextPage();
  };
  if (query.isError && messages.length === 0) {
    return <LoadFailed error={query.error} onRetry={() => void query.refetch()} />;
  }
  return (
    <div className={css.holder}>
      <section
        ref={scroller}
        className={css.scroller}
        onScroll={scrolled}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
        tabIndex={0}
        aria-label={t("thread.title")}
      >
        <div className={css.inner}>
          {query.isPending || query.isFetchingNextPage ? <Bones rows={5} shape="bubble" /> : null}
          {messages.length > 0 && !query.hasNextPage ? (
            <p className={css.beginning}>{t("thread.beginning")}</p>
          ) : null}
          {days.map((day) => (
            <DayView key={day.key} day={day} />
          ))}
          <Waiting id={row.id} messages={messages} />
          <TypingLine id={row.id} contactId={row.contact_id} />
        </div>
      </section>
      {atEnd ? null : (
        <button type="button" className={css.end} aria-label={t("keys.last")} onClick={toEnd}>
          {row.unread > 0 ? <span className={css.more}>{row.unread}</span> : null}
          <IconArrowDown size={18} />
        </button>
      )}
    </div>
  );
}

function ascending(pages: { items: MessageView[] }[] | undefined): MessageView[] {
  return pages ? [...pages].reverse().flatMap((page) => page.items) : [];
}

function DayView({ day }: { day: Day }) {
  const now = useNow();
  return (
    <div className={css.dayBox}>
      <div className={css.day}>
        <span>{dayName(day.at, now)}</span>
      </div>
      {day.lines.map((line) => (
        <LineView key={line.key} line={line} />
      ))}
    </div>
  );
}

function LineView({ line }: { line: Line }) {
  if (line.kind === "new") {
    return (
      <div className={css.new}>
        <span>{t("thread.new")}</span>
      </div>
    );
  }
  return line.kind === "system" ? (
    <SystemLine message={line.message} />
  ) : (
    <GroupView group={line} />
  );
}

function Waiting({ id, messages }: { id: string; messages: MessageView[] }) {
  const outgoing = useOutgoing(id);
  const known = new Set(messages.map((message) => message.client_id));
  return outgoing
    .filter((item) => !known.has(item.body.client_id))
    .map((item) => <OutgoingBubble key={item.body.client_id} item={item} />);
}

function TypingLine({ id, contactId }: { id: string; contactId: string }) {
  const typing = useTyping(id);
  if (!typing) return null;
  return (
    <div className={css.typing} data-colleague={typing.colleague}>
      <span className={css.dots} aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {typing.text ? (
        <span className={css.typed}>{typing.text}</span>
      ) : (
        <span>
          {t(typing.colleague ? "thread.colleagueTyping" : "thread.typing", {
            name: nameOf(typing.name, contactId),
          })}
        </span>
      )}
    </div>
  );
}

/** What is on the screen of a looking operator is read. */
function useReading({ row }: ConversationView): void {
  const told = useRef(0);
  useEffect(() => {
    const tell = () => {
      if (document.visibilityState !== "visible" || row.unread === 0) return;
      if (told.current >= row.last_seq) return;
      told.current = row.last_seq;
      void markRead(row).catch(() => {
        told.current = 0;
      });
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [row]);
}
