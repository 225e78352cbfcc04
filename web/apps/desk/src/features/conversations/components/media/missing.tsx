/** A file that is not here: still coming, too large, or lost. */
import type { AttachmentView } from "@otklik/client";
import { IconCloudDownload, IconCloudOff } from "@tabler/icons-react";
import { fileSize } from "../../../../shell/time.ts";
import { isWord, t } from "../../../../shell/words.ts";
import css from "./media.module.css";

export function Missing({ attachment }: { attachment: AttachmentView }) {
  const pending = attachment.state === "pending";
  const Icon = pending ? IconCloudDownload : IconCloudOff;
  const kind = `kind.${attachment.kind}`;
  return (
    <span className={css.card}>
      <span className={css.badge} data-quiet="">
        <Icon size={20} stroke={1.6} />
      </span>
      <span className={css.about}>
        <span className={css.name}>{attachment.name || (isWord(kind) ? t(kind) : "")}</span>
        <span className={css.fine}>
          {attachment.size > 0 ? `${fileSize(attachment.size)} · ` : ""}
          {t(
            pending
              ? "media.pending"
              : attachment.state === "too_large"
                ? "media.tooLarge"
                : "media.failed",
          )}
        </span>
      </span>
    </span>
  );
}
