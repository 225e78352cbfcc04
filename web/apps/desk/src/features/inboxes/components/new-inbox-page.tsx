/** Connecting a channel, the same way for all: choose it, follow its steps, paste, check. */
import type { ChannelView } from "@otklik/client";
import { Bones } from "@otklik/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { LoadFailed } from "../../../shell/load-failed.tsx";
import { channelTitle } from "../../../shell/naming.ts";
import { SettingsPage } from "../../../shell/settings-page.tsx";
import { t } from "../../../shell/words.ts";
import { channelsQuery, connectInbox } from "../api.ts";
import type { Filled } from "../filled.ts";
import { ChannelChoice } from "./channel-choice.tsx";
import { Credentials } from "./credentials.tsx";
import { GuideSteps } from "./guide-steps.tsx";
import css from "./inbox.module.css";

const route = getRouteApi("/desk/settings/inboxes/new");

export function NewInboxPage() {
  const { channel: chosen } = route.useSearch();
  const channels = useQuery(channelsQuery);
  const navigate = useNavigate();
  if (channels.isError) {
    return <LoadFailed error={channels.error} onRetry={() => void channels.refetch()} />;
  }
  if (!channels.data) return <Bones rows={4} />;
  const channel = channels.data.find((one) => one.id === chosen);
  if (!channel) {
    return (
      <SettingsPage title={t("connect.title")} text={t("connect.text")}>
        <ChannelChoice channels={channels.data} />
      </SettingsPage>
    );
  }
  const connect = async (filled: Filled) => {
    const made = await connectInbox({ channel: channel.id, ...filled });
    await navigate({
      to: "/settings/inboxes/$inboxId",
      params: { inboxId: made.id },
      search: { fresh: true },
    });
  };
  return (
    <SettingsPage title={t("connect.one", { title: channelTitle(channel.id) })}>
      <Link to="/settings/inboxes/new" search={{}} className={css.another ?? ""}>
        ← {t("connect.another")}
      </Link>
      <GuideSteps steps={channel.guide.step ?? []} />
      <section className={css.part}>
        <h2 className={css.heading}>{t(pasted(channel) ? "connect.fill" : "connect.settings")}</h2>
        <Credentials channel={channel} submit={t("inbox.tryAndConnect")} onSubmit={connect} />
      </section>
    </SettingsPage>
  );
}

/** Whether anything has to be fetched from a platform. */
function pasted({ guide }: ChannelView): boolean {
  return (guide.field ?? []).some((field) => field.secret);
}
