/** A file: its name, its size, and a click to save it. */
import type { AttachmentView } from "@otklik/client";
import { IconFile, IconFileText, IconFileZip } from "@tabler/icons-react";
import { fileSize } from "../../../../shell/time.ts";
import { t } from "../../../../shell/words.ts";
import { fileAddress } from "../../api.ts";
import css from "./media.module.css";

export function FileCard({ attachment, fileId }: { attachment: AttachmentView; fileId: string }) {
  const Icon = iconOf(attachment.mime);
  const ending = attachment.name.split(".").at(-1)?.toLocaleUpperCase() ?? "";
  return (
    <a className={css.card} href={fileAddress(fileId, true)} download={attachment.name}>
      <span className={css.badge} data-quiet="">
        <Icon size={20} stroke={1.6} />
      </span>
      <span className={css.about}>
        <span className={css.name}>{attachment.name || t("kind.file")}</span>
        <span className={css.fine}>
          {fileSize(attachment.size)}
          {ending && ending.length <= 5 ? ` · ${ending}` : ""}
        </span>
      </span>
    </a>
  );
}

function iconOf(mime: string) {
  if (/zip|rar|compressed|tar/.test(mime)) return IconFileZip;
  return /text|pdf|word|sheet|document/.test(mime) ? IconFileText : IconFile;
}
