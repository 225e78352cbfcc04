/** Screens of conversations. */

import { Blank } from "@otklik/ui";
import { IconMessages } from "@tabler/icons-react";
import { getRouteApi, Outlet, useParams } from "@tanstack/react-router";
import { useFollow } from "../../shell/link.ts";
import { PAIR, useMedia } from "../../shell/media.ts";
import { prefer, usePreference } from "../../shell/preferences.ts";
import { Resizer } from "../../shell/resizer.tsx";
import { t } from "../../shell/words.ts";
import { Queue } from "./components/queue.tsx";
import { ThreadScreen } from "./components/thread-screen.tsx";
import css from "./routes.module.css";

const here = getRouteApi("/desk/conversations");
const one = getRouteApi("/desk/conversations/$conversationId");

/** Queue at the left, thread at the right; on a narrow screen one of them. */
export function ConversationsScreen() {
  const search = here.useSearch();
  const { conversationId } = useParams({ strict: false });
  const pair = useMedia(PAIR);
  const width = usePreference("queueWidth");
  useFollow("queue");
  const showQueue = pair || !conversationId;
  return (
    <div className={css.screen}>
      {showQueue ? (
        <section
          className={css.queue}
          style={pair ? { width, flex: "none" } : undefined}
          aria-label={t("queue.title")}
        >
          <Queue search={search} openId={conversationId} />
        </section>
      ) : null}
      {pair ? (
        <Resizer
          label={t("resize.queue")}
          value={width}
          min={280}
          max={520}
          grows="left"
          onChange={(next) => prefer("queueWidth", next)}
        />
      ) : null}
      {pair || conversationId ? <Outlet /> : null}
    </div>
  );
}

/** Nothing is open yet. */
export function NothingOpen() {
  return (
    <div className={css.nothing}>
      <Blank
        icon={<IconMessages size={24} stroke={1.6} />}
        title={t("thread.nothingOpen")}
        text={t("thread.nothingOpenText")}
      />
    </div>
  );
}

export function OpenConversation() {
  const { conversationId } = one.useParams();
  const { at } = one.useSearch();
  return <ThreadScreen key={conversationId} id={conversationId} at={at} />;
}
