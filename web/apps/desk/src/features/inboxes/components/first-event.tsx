/** After connecting: write yourself a message, and see that it arrived. */
import type { InboxView } from "@otklik/client";
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { channelTitle } from "../../../shell/naming.ts";
import { t } from "../../../shell/words.ts";
import { inboxesQuery } from "../api.ts";
import css from "./inbox.module.css";

const LOOK_EVERY_MS = 2000;

export function FirstEvent({ inbox }: { inbox: InboxView }) {
  const arrived = inbox.last_event_at !== null;
  useQuery({ ...inboxesQuery, refetchInterval: arrived ? false : LOOK_EVERY_MS });
  return (
    <p className={css.first} data-arrived={arrived} role="status">
      {arrived ? <IconCircleCheck size={20} /> : <IconCircleDashed size={20} />}
      <span>
        <b>{t(arrived ? "connect.arrived" : "connect.done")}</b>{" "}
        {arrived
          ? t("connect.arrivedText")
          : t("connect.tryIt", { channel: channelTitle(inbox.channel) })}
      </span>
    </p>
  );
}
