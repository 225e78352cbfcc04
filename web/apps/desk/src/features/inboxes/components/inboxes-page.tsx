/** Connected channels: whether each works, and what to do when it does not. */
import { Button, Menu } from "@mantine/core";
import type { InboxView } from "@otklik/client";
import { Blank, Bones, ChannelMark } from "@otklik/ui";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { LoadFailed } from "../../../shell/load-failed.tsx";
import { useMay } from "../../../shell/session.ts";
import { Cards, SettingsPage } from "../../../shell/settings-page.tsx";
import { t } from "../../../shell/words.ts";
import { inboxesQuery } from "../api.ts";
import { InboxCard } from "./inbox-card.tsx";
import { TelegramWindow } from "./telegram-window.tsx";
import { WidgetWindow } from "./widget-window.tsx";

/** What stands in the window: a new inbox of a channel, or an existing one. */
export interface Opened {
  channel: string;
  inbox?: InboxView;
}

export function InboxesPage() {
  const inboxes = useQuery(inboxesQuery);
  const may = useMay("inboxes:write");
  const [opened, setOpened] = useState<Opened>();
  const close = () => setOpened(undefined);
  const add = may ? <AddMenu onPick={(channel) => setOpened({ channel })} /> : undefined;
  return (
    <SettingsPage title={t("settings.inboxes")} text={t("inbox.text")} action={add}>
      {inboxes.isPending ? <Bones rows={3} /> : null}
      {inboxes.isError ? (
        <LoadFailed error={inboxes.error} onRetry={() => void inboxes.refetch()} />
      ) : null}
      {inboxes.data?.length === 0 ? (
        <Blank
          icon={<IconPlugConnected size={24} stroke={1.6} />}
          title={t("inbox.none")}
          text={t("inbox.noneText")}
          action={add}
        />
      ) : null}
      {inboxes.data && inboxes.data.length > 0 ? (
        <Cards>
          {inboxes.data.map((inbox) => (
            <InboxCard key={inbox.id} inbox={inbox} may={may} onOpen={setOpened} />
          ))}
        </Cards>
      ) : null}
      {opened?.channel === "telegram" ? (
        <TelegramWindow inbox={opened.inbox} onClose={close} />
      ) : null}
      {opened?.channel === "widget" ? <WidgetWindow inbox={opened.inbox} onClose={close} /> : null}
    </SettingsPage>
  );
}

function AddMenu({ onPick }: { onPick: (channel: string) => void }) {
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button leftSection={<IconPlus size={16} />}>{t("inbox.add")}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<ChannelMark channel="telegram" />}
          onClick={() => onPick("telegram")}
        >
          {t("channel.telegram")}
        </Menu.Item>
        <Menu.Item leftSection={<ChannelMark channel="widget" />} onClick={() => onPick("widget")}>
          {t("channel.widget")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
