/** Messages the platform approved beforehand, and listing them anew. */
import { Button } from "@mantine/core";
import type { InboxView } from "@otklik/client";
import { IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { tellFailure } from "../../../shell/failure.ts";
import { t } from "../../../shell/words.ts";
import { syncTemplates, templatesQuery } from "../api.ts";
import css from "./inbox.module.css";

export function Templates({ inbox, may }: { inbox: InboxView; may: boolean }) {
  const { data = [] } = useQuery(templatesQuery(inbox.id));
  const [busy, setBusy] = useState(false);
  const sync = () => {
    setBusy(true);
    void syncTemplates(inbox.id)
      .catch(tellFailure)
      .finally(() => setBusy(false));
  };
  return (
    <>
      {data.length === 0 ? <p className={css.fine}>{t("templates.none")}</p> : null}
      <ul className={css.templates}>
        {data.map((one) => (
          <li key={`${one.name}${one.language}`}>
            <b>{one.name}</b> <span className={css.fine}>{one.language}</span>{" "}
            <span className={css.fine} data-sendable={one.sendable}>
              {one.sendable ? t("templates.sendable") : (one.reason || one.status).toLowerCase()}
            </span>
            <p className={css.templateText}>{one.body}</p>
          </li>
        ))}
      </ul>
      {may ? (
        <div className={css.downloads}>
          <Button
            variant="default"
            size="xs"
            loading={busy}
            leftSection={<IconRefresh size={16} />}
            onClick={sync}
          >
            {t("templates.sync")}
          </Button>
        </div>
      ) : null}
    </>
  );
}
