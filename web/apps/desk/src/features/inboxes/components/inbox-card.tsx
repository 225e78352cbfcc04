/** One connected channel in the list: its state, its last event, and the way to its page. */
import type { InboxView } from "@otklik/client";
import { ChannelMark } from "@otklik/ui";
import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { channelTitle } from "../../../shell/naming.ts";
import { useNow } from "../../../shell/now.ts";
import { Card, StateWord } from "../../../shell/settings-page.tsx";
import { MINUTE, span } from "../../../shell/time.ts";
import { t } from "../../../shell/words.ts";
import { remedyOf } from "../model.ts";
import css from "./inbox.module.css";

const TONES = { active: "good", needs_attention: "bad", paused: "calm", removed: "calm" } as const;

export function InboxCard({ inbox }: { inbox: InboxView }) {
  const now = useNow();
  return (
    <Card
      icon={<ChannelMark channel={inbox.channel} size={32} />}
      title={
        <>
          <Link
            to="/settings/inboxes/$inboxId"
            params={{ inboxId: inbox.id }}
            className={css.cardLink ?? ""}
          >
            {inbox.title}
          </Link>
          <InboxStateWord inbox={inbox} />
        </>
      }
      text={`${channelTitle(inbox.channel)} · ${lastEvent(inbox.last_event_at, now)}`}
      actions={<IconChevronRight size={18} className={css.chevron} aria-hidden="true" />}
    >
      {inbox.state === "needs_attention" ? (
        <p className={css.remedy} role="alert">
          {remedyOf(inbox.state_reason)}
        </p>
      ) : null}
    </Card>
  );
}

export function InboxStateWord({ inbox }: { inbox: InboxView }) {
  return <StateWord tone={TONES[inbox.state]}>{t(`inbox.state.${inbox.state}`)}</StateWord>;
}

/** When an inbox was last heard of. */
export function lastEvent(at: number | null, now: number): string {
  if (at === null) return t("inbox.noEvents");
  const ago = now - at;
  return ago < MINUTE ? t("inbox.lastEventNow") : t("inbox.lastEvent", { span: span(ago) });
}
