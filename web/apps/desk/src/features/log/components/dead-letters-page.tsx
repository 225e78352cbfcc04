/** Deliveries that could not be processed: seen, and tried again. */
import { Button } from "@mantine/core";
import { ask, type DeadLetter } from "@otklik/client";
import { Blank, Bones, toast } from "@otklik/ui";
import { IconCircleCheck, IconRefresh } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { tellFailure } from "../../../shell/failure.ts";
import { keys } from "../../../shell/keys.ts";
import { queryClient } from "../../../shell/live.ts";
import { LoadFailed } from "../../../shell/load-failed.tsx";
import { useMay } from "../../../shell/session.ts";
import { Card, Cards, SettingsPage } from "../../../shell/settings-page.tsx";
import { moment } from "../../../shell/time.ts";
import { t } from "../../../shell/words.ts";
import { inboxesQuery } from "../../inboxes/index.ts";
import css from "./dead-letters-page.module.css";

const deadQuery = queryOptions({
  queryKey: keys.dead,
  queryFn: () => ask("GET", "/api/v1/log/dead"),
});

export function DeadLettersPage() {
  const dead = useQuery(deadQuery);
  const inboxes = useQuery(inboxesQuery);
  const titleOf = (id: string) => inboxes.data?.find((one) => one.id === id)?.title ?? id;
  return (
    <SettingsPage title={t("settings.log")} text={t("log.text")}>
      {dead.isPending ? <Bones rows={3} /> : null}
      {dead.isError ? <LoadFailed error={dead.error} onRetry={() => void dead.refetch()} /> : null}
      {dead.data?.length === 0 ? (
        <Blank
          icon={<IconCircleCheck size={24} stroke={1.6} />}
          title={t("log.none")}
          text={t("log.noneText")}
        />
      ) : null}
      {dead.data && dead.data.length > 0 ? (
        <Cards>
          {dead.data.map((letter) => (
            <Letter key={letter.position} letter={letter} inbox={titleOf(letter.inbox_id)} />
          ))}
        </Cards>
      ) : null}
    </SettingsPage>
  );
}

function Letter({ letter, inbox }: { letter: DeadLetter; inbox: string }) {
  const may = useMay("log:write");
  const [busy, setBusy] = useState(false);
  const replay = async () => {
    setBusy(true);
    try {
      await ask("POST", "/api/v1/log/dead/{position}/replay", {
        path: { position: letter.position },
      });
      toast({ text: t("log.replayed") });
    } catch (error) {
      tellFailure(error);
    } finally {
      setBusy(false);
      await queryClient.invalidateQueries({ queryKey: keys.dead });
    }
  };
  return (
    <Card
      title={letter.error}
      text={`${inbox} · ${moment(letter.received_at, "full")} · ${t("log.tries", { n: letter.tries })}`}
      actions={
        may ? (
          <Button
            size="xs"
            variant="default"
            loading={busy}
            leftSection={<IconRefresh size={16} />}
            onClick={() => void replay()}
          >
            {t("action.retry")}
          </Button>
        ) : null
      }
    >
      <pre className={css.body}>{letter.body_preview}</pre>
    </Card>
  );
}
