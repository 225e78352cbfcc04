/** Under a message that did not arrive, or whose change did not: why, and what to do. */
import type { MessageState, MessageView } from "@otklik/client";
import { IconAlertCircle, IconHelpCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { tellFailure } from "../../../shell/failure.ts";
import { isWord, t } from "../../../shell/words.ts";
import { channelsQuery, explained } from "../../inboxes/index.ts";
import { retryMessage, settleMessage } from "../api.ts";
import { showMessage } from "../changes.ts";
import css from "./trouble.module.css";

const STUCK = new Set<MessageState>(["failed", "uncertain"]);

export function Trouble({ messages }: { messages: MessageView[] }) {
  const stuck = messages.find((one) => STUCK.has(one.state) && one.deleted_at === null);
  if (stuck) return <Stuck message={stuck} />;
  const behind = messages.find((one) => !STUCK.has(one.state) && one.failure !== "");
  if (!behind) return null;
  return (
    <div className={css.trouble}>
      <IconAlertCircle size={15} />
      <span>
        {t("trouble.behind")} <Reason message={behind} />
      </span>
    </div>
  );
}

function Stuck({ message }: { message: MessageView }) {
  const [busy, setBusy] = useState(false);
  const act = async (way: typeof retryMessage) => {
    setBusy(true);
    try {
      showMessage(await way(message.id));
    } catch (error) {
      tellFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const failed = message.state === "failed";
  return (
    <div className={css.trouble} data-state={message.state}>
      {failed ? <IconAlertCircle size={15} /> : <IconHelpCircle size={15} />}
      <span>{failed ? <Reason message={message} /> : t("trouble.uncertain")}</span>
      <span className={css.actions}>
        <button type="button" disabled={busy} onClick={() => void act(retryMessage)}>
          {t("trouble.again")}
        </button>
        {failed ? null : (
          <button type="button" disabled={busy} onClick={() => void act(settleMessage)}>
            {t("trouble.arrived")}
          </button>
        )}
      </span>
    </div>
  );
}

/** Why the platform did not take it: the channel's own sentence and remedy where it has one. */
function Reason({ message }: { message: MessageView }) {
  const { data: channels } = useQuery(channelsQuery);
  const code = message.failure_code || message.failure;
  const known = explained(channels, message.channel, code);
  return known ? `${known.why} ${known.remedy}` : reason(message.failure);
}

/** Why the platform did not take it, in words. */
export function reason(failure: string): string {
  const key = `failure.${failure}`;
  return isWord(key) ? t(key) : t("failure.other");
}
