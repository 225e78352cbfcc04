/** What can be changed of an inbox: its credentials, its look, whether it works, whether it stays. */
import { Button } from "@mantine/core";
import type { ChannelView, InboxView } from "@otklik/client";
import { toast } from "@otklik/ui";
import { IconPencil, IconPlayerPause, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { tellFailure } from "../../../shell/failure.ts";
import { t } from "../../../shell/words.ts";
import { changeInbox, removeInbox } from "../api.ts";
import type { Filled } from "../filled.ts";
import { Credentials } from "./credentials.tsx";
import css from "./inbox.module.css";
import { WidgetWindow } from "./widget-window.tsx";

interface Props {
  inbox: InboxView;
  channel: ChannelView;
}

export function InboxChanges({ inbox, channel }: Props) {
  const [editing, setEditing] = useState(false);
  const paused = inbox.state === "paused";
  const pause = () =>
    void changeInbox(inbox.id, { state: paused ? "active" : "paused" }).catch(tellFailure);
  const save = async ({ title, settings, secrets }: Filled) => {
    await changeInbox(inbox.id, { ...(title ? { title } : {}), settings, secrets });
    setEditing(false);
    toast({ text: t("inbox.saved") });
  };
  return (
    <>
      <div className={css.downloads}>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPencil size={16} />}
          onClick={() => setEditing((open) => !open)}
        >
          {t(inbox.channel === "widget" ? "inbox.look" : "inbox.credentials")}
        </Button>
        <Button
          variant="default"
          size="xs"
          leftSection={paused ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />}
          onClick={pause}
        >
          {t(paused ? "inbox.resume" : "inbox.pause")}
        </Button>
        <Removal inbox={inbox} />
      </div>
      {editing && inbox.channel === "widget" ? (
        <WidgetWindow inbox={inbox} onClose={() => setEditing(false)} />
      ) : null}
      {editing && inbox.channel !== "widget" ? (
        <Credentials
          channel={channel}
          inbox={inbox}
          submit={t("inbox.tryAndSave")}
          onSubmit={save}
        />
      ) : null}
    </>
  );
}

function Removal({ inbox }: { inbox: InboxView }) {
  const [asked, setAsked] = useState(false);
  const navigate = useNavigate();
  const remove = async () => {
    try {
      await removeInbox(inbox.id);
      await navigate({ to: "/settings/$part", params: { part: "inboxes" } });
    } catch (error) {
      tellFailure(error);
    }
  };
  if (!asked) {
    return (
      <Button
        variant="default"
        size="xs"
        color="red"
        leftSection={<IconTrash size={16} />}
        onClick={() => setAsked(true)}
      >
        {t("inbox.remove")}
      </Button>
    );
  }
  return (
    <>
      <Button size="xs" color="red" onClick={() => void remove()}>
        {t("inbox.removeSure")}
      </Button>
      <Button size="xs" variant="default" onClick={() => setAsked(false)}>
        {t("action.cancel")}
      </Button>
      <span className={css.fine}>{t("inbox.removeText")}</span>
    </>
  );
}
