/** Stickers that were in the account's conversations lately, to send again. */
import { Blank, Bones } from "@otklik/ui";
import { IconSticker } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { t } from "../../../../shell/words.ts";
import { stickersQuery } from "../../api.ts";
import { Sticker } from "../media/sticker.tsx";
import css from "./pickers.module.css";

interface Props {
  /** The channel has no stickers: it goes as a picture. */
  asPicture: boolean;
  onPick: (messageId: string) => void;
}

export default function StickerPicker({ asPicture, onPick }: Props) {
  const { data, isPending } = useQuery(stickersQuery);
  const stickers = (data ?? []).filter((one) => one.attachment.file_id !== null);
  if (isPending) return <Bones rows={4} />;
  if (stickers.length === 0) {
    return (
      <Blank
        icon={<IconSticker size={24} stroke={1.6} />}
        title={t("stickers.none")}
        text={t("stickers.noneText")}
      />
    );
  }
  return (
    <div className={css.scroll}>
      <h3 className={css.title}>{t("stickers.recent")}</h3>
      {asPicture ? <p className={css.title}>{t("fit.sticker_as_picture")}</p> : null}
      <div className={css.stickers}>
        {stickers.map(({ message_id, attachment }) => (
          <button
            key={message_id}
            type="button"
            aria-label={`${t("kind.sticker")} ${attachment.emoji}`}
            onClick={() => onPick(message_id)}
          >
            <Sticker attachment={attachment} fileId={attachment.file_id ?? ""} />
          </button>
        ))}
      </div>
    </div>
  );
}
