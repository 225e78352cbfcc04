/** One connected channel: how it does, its address and links, and what can be changed. */
import type { ChannelView, InboxView } from "@otklik/client";
import { Bones, ChannelMark } from "@otklik/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { NotFound } from "../../../shell/dead-ends.tsx";
import { LoadFailed } from "../../../shell/load-failed.tsx";
import { channelTitle } from "../../../shell/naming.ts";
import { useNow } from "../../../shell/now.ts";
import { CopyLine } from "../../../shell/once.tsx";
import { useMay } from "../../../shell/session.ts";
import { SettingsPage } from "../../../shell/settings-page.tsx";
import { t } from "../../../shell/words.ts";
import { channelsQuery, inboxesQuery } from "../api.ts";
import { AfterSteps } from "./after-steps.tsx";
import { FirstEvent } from "./first-event.tsx";
import css from "./inbox.module.css";
import { InboxStateWord, lastEvent } from "./inbox-card.tsx";
import { InboxChanges } from "./inbox-changes.tsx";
import { Invite } from "./invite.tsx";
import { Snippet } from "./snippet.tsx";
import { Templates } from "./templates.tsx";
import { Troubles } from "./troubles.tsx";

const route = getRouteApi("/desk/settings/inboxes/$inboxId");

export function InboxPage() {
  const { inboxId } = route.useParams();
  const { fresh } = route.useSearch();
  const inboxes = useQuery(inboxesQuery);
  const channels = useQuery(channelsQuery);
  const failed = inboxes.error ?? channels.error;
  if (failed) return <LoadFailed error={failed} onRetry={() => void inboxes.refetch()} />;
  if (!(inboxes.data && channels.data)) return <Bones rows={4} />;
  const inbox = inboxes.data.find((one) => one.id === inboxId);
  const channel = channels.data.find((one) => one.id === inbox?.channel);
  if (!(inbox && channel)) return <NotFound />;
  return <Shown inbox={inbox} channel={channel} fresh={fresh ?? false} />;
}

interface Props {
  inbox: InboxView;
  channel: ChannelView;
  /** It was connected a moment ago. */
  fresh: boolean;
}

function Shown({ inbox, channel, fresh }: Props) {
  const may = useMay("inboxes:write");
  const now = useNow();
  return (
    <SettingsPage title={inbox.title}>
      <Link to="/settings/$part" params={{ part: "inboxes" }} className={css.another ?? ""}>
        ← {t("inbox.all")}
      </Link>
      <p className={css.standing}>
        <ChannelMark channel={inbox.channel} size={20} />
        {channelTitle(inbox.channel)}
        <InboxStateWord inbox={inbox} />
        <span className={css.fine}>{lastEvent(inbox.last_event_at, now)}</span>
      </p>
      {fresh ? <FirstEvent inbox={inbox} /> : null}
      <Troubles inbox={inbox} />
      {may ? <AfterSteps inbox={inbox} steps={channel.guide.after ?? []} /> : null}
      {inbox.channel === "widget" ? (
        <Part title={t("inbox.snippet")}>
          <Snippet inbox={inbox} />
        </Part>
      ) : null}
      {inbox.address ? (
        <Part title={t("inbox.address")} text={t("inbox.addressText")}>
          <CopyLine label={t("inbox.address")} value={inbox.address} />
        </Part>
      ) : null}
      {channel.link ? (
        <Part title={t("invite.title")} text={t("invite.text")}>
          <Invite inbox={inbox} />
        </Part>
      ) : null}
      {channel.features.includes("template") ? (
        <Part title={t("templates.title")} text={t("templates.text")}>
          <Templates inbox={inbox} may={may} />
        </Part>
      ) : null}
      {may ? (
        <Part title={t("inbox.changes")}>
          <InboxChanges inbox={inbox} channel={channel} />
        </Part>
      ) : null}
    </SettingsPage>
  );
}

interface PartProps {
  title: string;
  text?: string;
  children: ReactNode;
}

function Part({ title, text, children }: PartProps) {
  return (
    <section className={css.part}>
      <h2 className={css.heading}>{title}</h2>
      {text ? <p className={css.fine}>{text}</p> : null}
      {children}
    </section>
  );
}
