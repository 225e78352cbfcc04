/** Under a message that did not arrive, or may not have: why, and what to do. */
import type { MessageView } from "@otklik/client";
import { IconAlertCircle, IconHelpCircle } from "@tabler/icons-react";
import { useState } from "react";
import { tellFailure } from "../../../shell/failure.ts";
import { isWord, t } from "../../../shell/words.ts";
import { retryMessage, settleMessage } from "../api.ts";
import { showMessage } from "../changes.ts";
import css from "./trouble.module.css";

export function Trouble({ messages }: { messages: MessageView[] }) {
  const message = messages.find((one) => one.state === "failed" || one.state === "uncertain");
  const [busy, setBusy] = useState(false);
  if (!message) return null;
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
      <span>{failed ? reason(message.failure) : t("trouble.uncertain")}</span>
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

/** Why the platform did not take it, in words. */
export function reason(failure: string): string {
  const key = `failure.${failure}`;
  return isWord(key) ? t(key) : t("failure.other");
}
