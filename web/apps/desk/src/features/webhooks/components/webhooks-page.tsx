/** Outgoing webhooks: where events are sent, and how that goes. */
import { Button } from "@mantine/core";
import { Blank, Bones } from "@otklik/ui";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { keys } from "../../../shell/keys.ts";
import { queryClient } from "../../../shell/live.ts";
import { LoadFailed } from "../../../shell/load-failed.tsx";
import { Once } from "../../../shell/once.tsx";
import { Cards, SettingsPage } from "../../../shell/settings-page.tsx";
import { t } from "../../../shell/words.ts";
import { webhooksQuery } from "../api.ts";
import { WebhookCard } from "./webhook-card.tsx";
import { WebhookWindow } from "./webhook-window.tsx";

/** Ask for the list anew. */
export const refreshWebhooks = () => queryClient.invalidateQueries({ queryKey: keys.webhooks });

export function WebhooksPage() {
  const webhooks = useQuery(webhooksQuery);
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t("webhooks.add")}
    </Button>
  );
  return (
    <SettingsPage title={t("settings.webhooks")} text={t("webhooks.text")} action={add}>
      {webhooks.isPending ? <Bones rows={3} /> : null}
      {webhooks.isError ? (
        <LoadFailed error={webhooks.error} onRetry={() => void webhooks.refetch()} />
      ) : null}
      {webhooks.data?.length === 0 ? (
        <Blank
          icon={<IconWebhook size={24} stroke={1.6} />}
          title={t("webhooks.none")}
          text={t("webhooks.noneText")}
        />
      ) : null}
      {webhooks.data && webhooks.data.length > 0 ? (
        <Cards>
          {webhooks.data.map((one) => (
            <WebhookCard key={one.id} webhook={one} onSecret={setSecret} />
          ))}
        </Cards>
      ) : null}
      {adding ? <WebhookWindow onMade={setSecret} onClose={() => setAdding(false)} /> : null}
      <Once
        title={t("webhooks.secret")}
        text={t("webhooks.secretText")}
        value={secret}
        onClose={() => setSecret(undefined)}
      />
    </SettingsPage>
  );
}
