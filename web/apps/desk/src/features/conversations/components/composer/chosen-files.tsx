/** Files that go with the reply, each with its progress. */
import { ActionIcon } from "@mantine/core";
import { IconFile, IconX } from "@tabler/icons-react";
import { fileSize } from "../../../../shell/time.ts";
import { t } from "../../../../shell/words.ts";
import type { Attachments } from "../../attachments.ts";
import css from "./composer.module.css";

export function ChosenFiles({ attachments }: { attachments: Attachments }) {
  if (attachments.files.length === 0) return null;
  return (
    <div className={css.files}>
      {attachments.files.map((file) => (
        <div key={file.key} className={css.file} data-failed={file.failed !== ""}>
          {file.preview ? (
            <img className={css.thumb} src={file.preview} alt="" />
          ) : (
            <IconFile size={24} stroke={1.5} />
          )}
          <span className={css.fileText}>
            <span>{file.name}</span>
            <span title={file.failed}>{file.failed || fileSize(file.size)}</span>
          </span>
          <ActionIcon
            size={28}
            aria-label={t("composer.removeFile", { name: file.name })}
            onClick={() => attachments.remove(file.key)}
          >
            <IconX size={14} />
          </ActionIcon>
          {file.stored || file.failed ? null : (
            <span className={css.progress} style={{ transform: `scaleX(${file.share})` }} />
          )}
        </div>
      ))}
    </div>
  );
}
