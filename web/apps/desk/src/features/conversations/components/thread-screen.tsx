/** An open conversation: header, timeline, reply box and the contact beside it. */
import { Drawer } from "@mantine/core";
import type { ConversationView } from "@otklik/client";
import { Bones } from "@otklik/ui";
import { useQuery } from "@tanstack/react-query";
import { type DragEvent, useState } from "react";
import { useCommand } from "../../../shell/keymap.ts";
import { useFollow } from "../../../shell/link.ts";
import { LoadFailed } from "../../../shell/load-failed.tsx";
import { PANE, useMedia } from "../../../shell/media.ts";
import { prefer, usePreference } from "../../../shell/preferences.ts";
import { Resizer } from "../../../shell/resizer.tsx";
import { t } from "../../../shell/words.ts";
import { ContactPane } from "../../contacts/index.ts";
import { conversationQuery } from "../api.ts";
import { useAttachments } from "../attachments.ts";
import { Composer } from "./composer/composer.tsx";
import { Thread } from "./thread.tsx";
import { ThreadProvider } from "./thread-context.tsx";
import { ThreadHeader } from "./thread-header.tsx";
import css from "./thread-screen.module.css";

export function ThreadScreen({ id, at }: { id: string; at: number | undefined }) {
  useFollow(`conversation:${id}`);
  const conversation = useQuery(conversationQuery(id));
  if (conversation.isError && !conversation.data) {
    return (
      <div className={css.thread} data-thread-open="">
        <LoadFailed error={conversation.error} onRetry={() => void conversation.refetch()} />
      </div>
    );
  }
  if (!conversation.data) {
    return (
      <div className={css.thread} data-thread-open="">
        <div className={css.head} />
        <Bones rows={6} shape="bubble" />
      </div>
    );
  }
  return <Opened view={conversation.data} at={at} />;
}

function Opened({ view, at }: { view: ConversationView; at: number | undefined }) {
  const beside = useMedia(PANE);
  const wanted = usePreference("paneOpen");
  const width = usePreference("paneWidth");
  const [drawer, setDrawer] = useState(false);
  const toggle = () => (beside ? prefer("paneOpen", !wanted) : setDrawer((open) => !open));
  useCommand("pane", toggle);
  const pane = <ContactPane view={view} />;
  return (
    <>
      <ThreadColumn view={view} at={at} onPane={toggle} />
      {beside && wanted ? (
        <>
          <Resizer
            label={t("resize.pane")}
            value={width}
            min={260}
            max={440}
            grows="right"
            onChange={(next) => prefer("paneWidth", next)}
          />
          <aside className={css.pane} style={{ width }} aria-label={t("contact.title")}>
            {pane}
          </aside>
        </>
      ) : null}
      <Drawer
        opened={!beside && drawer}
        onClose={() => setDrawer(false)}
        position="right"
        size={360}
        title={t("contact.title")}
        padding={0}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {pane}
      </Drawer>
    </>
  );
}

interface ColumnProps {
  view: ConversationView;
  at: number | undefined;
  onPane: () => void;
}

function ThreadColumn({ view, at, onPane }: ColumnProps) {
  const upload = Math.max(0, ...Object.values(view.limits).map((one) => one.upload_bytes));
  const attachments = useAttachments(upload);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    attachments.add([...event.dataTransfer.files]);
  };
  return (
    <ThreadProvider view={view}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping files is an extra way, the button is the main one */}
      <div
        className={css.thread}
        data-thread-open=""
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <ThreadHeader view={view} onPane={onPane} />
        <Thread view={view} at={at} />
        <Composer view={view} attachments={attachments} />
        {over ? <div className={css.drop}>{t("composer.drop")}</div> : null}
      </div>
    </ThreadProvider>
  );
}
