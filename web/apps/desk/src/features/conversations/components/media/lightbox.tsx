/** Pictures and videos as large as the screen allows. */
import { ActionIcon, Modal } from "@mantine/core";
import type { AttachmentView } from "@otklik/client";
import { IconChevronLeft, IconChevronRight, IconDownload, IconX } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import { t } from "../../../../shell/words.ts";
import { fileAddress } from "../../api.ts";
import css from "./lightbox.module.css";

interface Props {
  attachments: AttachmentView[];
  start: number;
  onClose: () => void;
}

export default function Lightbox({ attachments, start, onClose }: Props) {
  const [at, setAt] = useState(start);
  const shown = attachments[at];
  if (!shown) return null;
  const step = (by: number) => setAt((at + by + attachments.length) % attachments.length);
  const press = (event: KeyboardEvent) => {
    if (event.key === "ArrowRight") step(1);
    else if (event.key === "ArrowLeft") step(-1);
  };
  const address = fileAddress(shown.file_id ?? "");
  const several = attachments.length > 1;
  return (
    <Modal
      opened
      fullScreen
      withCloseButton={false}
      onClose={onClose}
      padding={0}
      onKeyDown={press}
    >
      <div className={css.box}>
        <div className={css.bar}>
          <span>{several ? `${at + 1} / ${attachments.length}` : shown.name}</span>
          <ActionIcon
            component="a"
            href={fileAddress(shown.file_id ?? "", true)}
            aria-label={t("media.save")}
          >
            <IconDownload size={20} />
          </ActionIcon>
          <ActionIcon aria-label={t("action.close")} onClick={onClose} data-autofocus>
            <IconX size={20} />
          </ActionIcon>
        </div>
        {shown.kind === "video" ? (
          // biome-ignore lint/a11y/useMediaCaption: people's own videos come without captions
          <video key={address} className={css.picture} src={address} controls autoPlay />
        ) : (
          <img
            key={address}
            className={css.picture}
            src={address}
            alt={shown.name || t("kind.picture")}
          />
        )}
        {several ? (
          <>
            <ActionIcon
              className={css.back ?? ""}
              size={44}
              aria-label={t("media.previous")}
              onClick={() => step(-1)}
            >
              <IconChevronLeft />
            </ActionIcon>
            <ActionIcon
              className={css.forth ?? ""}
              size={44}
              aria-label={t("media.next")}
              onClick={() => step(1)}
            >
              <IconChevronRight />
            </ActionIcon>
          </>
        ) : null}
      </div>
    </Modal>
  );
}
