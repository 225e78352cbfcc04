/** One webhook: its state, its switch, and the latest attempts. */
import { ActionIcon, Menu } from "@mantine/core";
import type { WebhookView } from "@otklik/client";
import { Bones } from "@otklik/ui";
import {
  IconDots,
  IconKey,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconTrash,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { tellFailure } from "../../../shell/failure.ts";
import { Card, StateWord } from "../../../shell/settings-page.tsx";
import { moment } from "../../../shell/time.ts";
import { isWord, t } from "../../../shell/words.ts";
import {
  attemptsQuery,
  deleteWebhook,
  replayAttempt,
  rotateSecret,
  switchWebhook,
} from "../api.ts";
import css from "./webhooks.module.css";
import { refreshWebhooks } from "./webhooks-page.tsx";

interface Props {
  webhook: WebhookView;
  onSecret: (secret: string) => void;
}

const TONES = { active: "good", paused: "calm", disabled: "bad" } as const;

export function WebhookCard({ webhook, onSecret }: Props) {
  const [open, setOpen] = useState(false);
  const { events, state } = webhook;
  return (
    <Card
      title={
        <>
          {webhook.url}
          <StateWord tone={TONES[state]}>{t(`webhooks.state.${state}`)}</StateWord>
        </>
      }
      text={
        events.length === 0
          ? t("webhooks.allEvents")
          : events.map((kind) => eventName(kind)).join(", ")
      }
      actions={<WebhookMenu webhook={webhook} onSecret={onSecret} />}
    >
      {webhook.state_reason ? <p className={css.reason}>{webhook.state_reason}</p> : null}
      <button
        type="button"
        className={css.more}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {t(open ? "webhooks.hideAttempts" : "webhooks.showAttempts")}
      </button>
      {open ? <Attempts id={webhook.id} /> : null}
    </Card>
  );
}

function eventName(kind: string): string {
  const key = `event.${kind}`;
  return isWord(key) ? t(key) : kind;
}

function WebhookMenu({ webhook, onSecret }: Props) {
  const running = webhook.state === "active";
  const act = (work: () => Promise<unknown>) =>
    void work().then(() => refreshWebhooks(), tellFailure);
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon aria-label={t("webhooks.more", { url: webhook.url })}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={running ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
          onClick={() => act(() => switchWebhook(webhook.id, running ? "paused" : "active"))}
        >
          {t(running ? "inbox.pause" : "inbox.resume")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconKey size={16} />}
          onClick={() => act(async () => onSecret((await rotateSecret(webhook.id)).secret))}
        >
          {t("webhooks.rotate")}
        </Menu.Item>
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={16} />}
          onClick={() => act(() => deleteWebhook(webhook.id))}
        >
          {t("action.delete")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Attempts({ id }: { id: string }) {
  const attempts = useQuery(attemptsQuery(id));
  if (attempts.isPending) return <Bones rows={3} />;
  if (!attempts.data || attempts.data.length === 0) {
    return <p className={css.reason}>{t("webhooks.noAttempts")}</p>;
  }
  const again = (attemptId: string) =>
    void replayAttempt(attemptId).then(() => attempts.refetch(), tellFailure);
  return (
    <ul className={css.attempts}>
      {attempts.data.map((one) => (
        <li key={one.id}>
          <StateWord
            tone={one.state === "done" ? "good" : one.state === "given_up" ? "bad" : "calm"}
          >
            {one.status > 0 ? String(one.status) : t(`attempt.${one.state}`)}
          </StateWord>
          <span className={css.event}>{eventName(one.event)}</span>
          <span className={css.fine}>{one.error || moment(one.created_at, "full")}</span>
          <ActionIcon size={28} aria-label={t("action.retry")} onClick={() => again(one.id)}>
            <IconRefresh size={16} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}
