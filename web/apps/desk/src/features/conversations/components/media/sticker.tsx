/** A sticker without a bubble: a picture, a short film, or vectors that move. */
import type { AttachmentView } from "@otklik/client";
import { lazy, Suspense } from "react";
import { useMedia } from "../../../../shell/media.ts";
import { t } from "../../../../shell/words.ts";
import { fileAddress } from "../../api.ts";
import css from "./media.module.css";

const Animated = lazy(() => import("./animated-sticker.tsx"));

export function Sticker({ attachment, fileId }: { attachment: AttachmentView; fileId: string }) {
  const still = useMedia("(prefers-reduced-motion: reduce)");
  const name = attachment.emoji ? `${t("kind.sticker")} ${attachment.emoji}` : t("kind.sticker");
  if (attachment.format === "tgs") {
    return (
      <Suspense fallback={<span className={css.sticker} />}>
        <Animated
          address={fileAddress(fileId)}
          name={name}
          emoji={attachment.emoji ?? ""}
          still={still}
        />
      </Suspense>
    );
  }
  if (attachment.format === "webm" || attachment.mime.startsWith("video/")) {
    return (
      <video
        className={css.sticker}
        src={fileAddress(fileId)}
        aria-label={name}
        autoPlay={!still}
        loop
        muted
        playsInline
      />
    );
  }
  return <img className={css.sticker} src={fileAddress(fileId)} alt={name} loading="lazy" />;
}
