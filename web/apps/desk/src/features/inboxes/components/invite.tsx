/** A link that opens the chat, and its QR code: to put on a flyer, a site, a parcel. */
import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import type { InboxView } from "@otklik/client";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sentence, tellFailure } from "../../../shell/failure.ts";
import { CopyLine } from "../../../shell/once.tsx";
import { t } from "../../../shell/words.ts";
import { linkQuery } from "../api.ts";
import { asPng, asSvg, saveAs } from "../picture.ts";
import css from "./inbox.module.css";

export function Invite({ inbox }: { inbox: InboxView }) {
  const [payload, setPayload] = useState("");
  const [settled] = useDebouncedValue(payload.trim(), 300);
  const link = useQuery(linkQuery(inbox.id, settled));
  const name = settled ? `${inbox.channel}-${settled}` : inbox.channel;
  const made = link.isError ? undefined : link.data;
  const png = (svg: string) =>
    void asPng(svg).then((url) => saveAs(url, `${name}.png`), tellFailure);
  return (
    <div className={css.invite}>
      <div className={css.inviteWords}>
        <TextInput
          label={t("invite.payload")}
          description={t("invite.payloadText")}
          placeholder="flyer_autumn"
          autoComplete="off"
          value={payload}
          error={link.isError ? sentence(link.error) : undefined}
          onChange={(event) => setPayload(event.currentTarget.value)}
        />
        {made ? <CopyLine label={t("invite.link")} value={made.url} /> : null}
        {made ? (
          <div className={css.downloads}>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconDownload size={16} />}
              onClick={() => saveAs(asSvg(made.svg), `${name}.svg`)}
            >
              SVG
            </Button>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconDownload size={16} />}
              onClick={() => png(made.svg)}
            >
              PNG
            </Button>
          </div>
        ) : null}
      </div>
      {made ? <img className={css.qr} src={asSvg(made.svg)} alt={t("invite.qr")} /> : null}
    </div>
  );
}
