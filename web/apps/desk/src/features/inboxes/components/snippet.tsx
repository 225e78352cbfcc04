/** The line a site needs, and the secret its backend signs visitors with. */
import { Button } from "@mantine/core";
import type { InboxView } from "@otklik/client";
import { IconExternalLink, IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { tellFailure } from "../../../shell/failure.ts";
import { CopyLine, Once } from "../../../shell/once.tsx";
import { useMay } from "../../../shell/session.ts";
import { t } from "../../../shell/words.ts";
import { renewIdentitySecret } from "../api.ts";
import { snippetOf } from "../model.ts";
import css from "./inbox.module.css";

/** Where the repository tells how visitors are signed. */
const GUIDE = "docs/embedding.md";

export function Snippet({ inbox }: { inbox: InboxView }) {
  const may = useMay("inboxes:write");
  const [fresh, setFresh] = useState<string>();
  const renew = () =>
    void renewIdentitySecret(inbox.id).then((made) => setFresh(made.identity_secret), tellFailure);
  const secret = inbox.secrets.identity_secret;
  return (
    <>
      <CopyLine label={t("inbox.snippet")} value={snippetOf(inbox, location.origin)} />
      <div className={css.downloads}>
        <Button
          component="a"
          variant="default"
          size="xs"
          href={`/widget/frame/${encodeURIComponent(inbox.public_key)}`}
          target="_blank"
          rel="noopener"
          leftSection={<IconExternalLink size={16} />}
        >
          {t("inbox.preview")}
        </Button>
      </div>
      {secret ? (
        <p className={css.fine}>
          {t("inbox.secret")} <code>{secret}</code> {t("inbox.secretText")} <code>{GUIDE}</code>
        </p>
      ) : null}
      {secret && may ? (
        <div className={css.downloads}>
          <Button variant="default" size="xs" leftSection={<IconKey size={16} />} onClick={renew}>
            {t("inbox.newSecret")}
          </Button>
          <span className={css.fine}>{t("inbox.newSecretWarning")}</span>
        </div>
      ) : null}
      <Once
        title={t("inbox.secret")}
        text={t("inbox.newSecretText")}
        value={fresh}
        onClose={() => setFresh(undefined)}
      />
    </>
  );
}
