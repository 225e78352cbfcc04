/** One connected channel: state, last event, remedy, and the site chat's line to copy. */
import { ActionIcon, Menu } from "@mantine/core";
import type { InboxView } from "@otklik/client";
import { ChannelMark } from "@otklik/ui";
import {
  IconDots,
  IconExternalLink,
  IconKey,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import { tellFailure } from "../../../shell/failure.ts";
import { useNow } from "../../../shell/now.ts";
import { CopyLine, Once } from "../../../shell/once.tsx";
import { Card, StateWord } from "../../../shell/settings-page.tsx";
import { MINUTE, span } from "../../../shell/time.ts";
import { isWord, t } from "../../../shell/words.ts";
import { changeInbox, removeInbox, renewIdentitySecret } from "../api.ts";
import css from "./inbox-card.module.css";
import type { Opened } from "./inboxes-page.tsx";

interface Props {
  inbox: InboxView;
  may: boolean;
  onOpen: (opened: Opened) => void;
}

/** Where the repository tells how visitors are signed. */
const GUIDE = "docs/embedding.md";

const TONES = { active: "good", needs_attention: "bad", paused: "calm", removed: "calm" } as const;

export function InboxCard({ inbox, may, onOpen }: Props) {
  const now = useNow();
  const [secret, setSecret] = useState<string>();
  const bot = inbox.settings.bot_username;
  const last = lastEvent(inbox.last_event_at, now);
  return (
    <Card
      icon={<ChannelMark channel={inbox.channel} size={32} />}
      title={
        <>
          {inbox.title}
          <StateWord tone={TONES[inbox.state]}>{t(`inbox.state.${inbox.state}`)}</StateWord>
        </>
      }
      text={bot ? `@${bot} · ${last}` : last}
      actions={may ? <InboxMenu inbox={inbox} onOpen={onOpen} onSecret={setSecret} /> : null}
    >
      {inbox.state === "needs_attention" ? (
        <p className={css.remedy} role="alert">
          {remedy(inbox.state_reason)}
        </p>
      ) : null}
      {inbox.channel === "widget" ? <Snippet inbox={inbox} /> : null}
      <Once
        title={t("inbox.secret")}
        text={t("inbox.newSecretText")}
        value={secret}
        onClose={() => setSecret(undefined)}
      />
    </Card>
  );
}

function lastEvent(at: number | null, now: number): string {
  if (at === null) return t("inbox.noEvents");
  const ago = now - at;
  return ago < MINUTE ? t("inbox.lastEventNow") : t("inbox.lastEvent", { span: span(ago) });
}

function remedy(reason: string): string {
  const key = `inbox.remedy.${reason}`;
  return isWord(key) ? t(key) : reason || t("inbox.remedy.other");
}

/** The one line a site needs. */
export function snippetOf(inbox: InboxView, origin: string): string {
  const { color } = inbox.settings;
  // Without it the button wears our colour until its frame has loaded.
  const worn = color && /^#[0-9a-f]{6}$/i.test(color) ? ` data-color="${color}"` : "";
  return `<script src="${origin}/widget.js" data-inbox="${inbox.public_key}"${worn} async></script>`;
}

function Snippet({ inbox }: { inbox: InboxView }) {
  const secret = inbox.secrets.identity_secret;
  return (
    <div className={css.snippet}>
      <p className={css.hint}>{t("inbox.snippet")}</p>
      <CopyLine label={t("inbox.snippet")} value={snippetOf(inbox, location.origin)} />
      {secret ? (
        <p className={css.fine}>
          {t("inbox.secret")} <code>{secret}</code> {t("inbox.secretText")} <code>{GUIDE}</code>
        </p>
      ) : null}
    </div>
  );
}

interface MenuProps extends Pick<Props, "inbox" | "onOpen"> {
  onSecret: (secret: string) => void;
}

function InboxMenu({ inbox, onOpen, onSecret }: MenuProps) {
  const paused = inbox.state === "paused";
  const act = (work: () => Promise<unknown>) => void work().catch(tellFailure);
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon aria-label={t("inbox.more", { title: inbox.title })}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconPencil size={16} />}
          onClick={() => onOpen({ channel: inbox.channel, inbox })}
        >
          {t("action.edit")}
        </Menu.Item>
        {inbox.channel === "widget" ? (
          <Menu.Item
            component="a"
            href={`/widget/frame/${encodeURIComponent(inbox.public_key)}`}
            target="_blank"
            rel="noopener"
            leftSection={<IconExternalLink size={16} />}
          >
            {t("inbox.preview")}
          </Menu.Item>
        ) : null}
        <Menu.Item
          leftSection={paused ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />}
          onClick={() => act(() => changeInbox(inbox.id, { state: paused ? "active" : "paused" }))}
        >
          {t(paused ? "inbox.resume" : "inbox.pause")}
        </Menu.Item>
        {inbox.secrets.identity_secret ? (
          <NewSecret onPick={() => act(() => renewed(inbox, onSecret))} />
        ) : null}
        <Menu.Divider />
        <Menu.Label>{t("inbox.removeText")}</Menu.Label>
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={16} />}
          onClick={() => act(() => removeInbox(inbox.id))}
        >
          {t("inbox.remove")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function NewSecret({ onPick }: { onPick: () => void }) {
  return (
    <>
      <Menu.Divider />
      <Menu.Label>{t("inbox.newSecretWarning")}</Menu.Label>
      <Menu.Item leftSection={<IconKey size={16} />} onClick={onPick}>
        {t("inbox.newSecret")}
      </Menu.Item>
    </>
  );
}

async function renewed(inbox: InboxView, onSecret: MenuProps["onSecret"]): Promise<void> {
  onSecret((await renewIdentitySecret(inbox.id)).identity_secret);
}
