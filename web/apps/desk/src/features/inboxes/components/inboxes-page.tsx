/** Connected channels: whether each works, and what to do when it does not. */
import { Button } from "@mantine/core";
import { Blank, Bones } from "@otklik/ui";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { LoadFailed } from "../../../shell/load-failed.tsx";
import { useMay } from "../../../shell/session.ts";
import { Cards, SettingsPage } from "../../../shell/settings-page.tsx";
import { t } from "../../../shell/words.ts";
import { inboxesQuery } from "../api.ts";
import { InboxCard } from "./inbox-card.tsx";

export function InboxesPage() {
  const inboxes = useQuery(inboxesQuery);
  const may = useMay("inboxes:write");
  const navigate = useNavigate();
  const add = may ? (
    <Button
      leftSection={<IconPlus size={16} />}
      onClick={() => void navigate({ to: "/settings/inboxes/new" })}
    >
      {t("inbox.add")}
    </Button>
  ) : undefined;
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
            <InboxCard key={inbox.id} inbox={inbox} />
          ))}
        </Cards>
      ) : null}
    </SettingsPage>
  );
}
