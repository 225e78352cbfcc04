/** Pictures and videos in a grid that keeps their proportions in mind; a click enlarges them. */
import type { AttachmentView } from "@otklik/client";
import { IconPlayerPlayFilled } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { duration } from "../../../../shell/time.ts";
import { t } from "../../../../shell/words.ts";
import { fileAddress } from "../../api.ts";
import css from "./album.module.css";
import { Missing } from "./missing.tsx";

const Lightbox = lazy(() => import("./lightbox.tsx"));
const WIDTH = 320;
const TALLEST = 380;

export function Album({ attachments }: { attachments: AttachmentView[] }) {
  const [open, setOpen] = useState<number>();
  const stored = attachments.filter((one) => one.state === "stored" && one.file_id);
  const missing = attachments.filter((one) => !stored.includes(one));
  const alone = stored.length === 1 ? stored[0] : undefined;
  return (
    <>
      {stored.length > 0 ? (
        <div
          className={css.grid}
          data-count={Math.min(stored.length, 10)}
          style={alone ? sizeOf(alone) : undefined}
        >
          {stored.map((one, index) => (
            <Cell
              key={one.id}
              attachment={one}
              alone={Boolean(alone)}
              onOpen={() => setOpen(index)}
            />
          ))}
        </div>
      ) : null}
      {missing.map((one) => (
        <Missing key={one.id} attachment={one} />
      ))}
      {open === undefined ? null : (
        <Suspense>
          <Lightbox attachments={stored} start={open} onClose={() => setOpen(undefined)} />
        </Suspense>
      )}
    </>
  );
}

/** The box of a single picture: reserved before it loads, so that nothing jumps. */
function sizeOf({ width, height }: AttachmentView) {
  if (width <= 0 || height <= 0) return { width: WIDTH };
  const scale = Math.min(1, WIDTH / width, TALLEST / height);
  const shown = Math.max(120, Math.round(width * scale));
  return { width: shown, aspectRatio: `${width} / ${height}`, maxHeight: TALLEST };
}

interface CellProps {
  attachment: AttachmentView;
  alone: boolean;
  onOpen: () => void;
}

function Cell({ attachment, alone, onOpen }: CellProps) {
  const address = fileAddress(attachment.file_id ?? "");
  if (attachment.kind === "video" && attachment.animation) {
    return (
      <button type="button" className={css.cell} onClick={onOpen} aria-label={t("media.open")}>
        <video src={address} autoPlay loop muted playsInline />
      </button>
    );
  }
  return (
    <button type="button" className={css.cell} onClick={onOpen} aria-label={t("media.open")}>
      {attachment.kind === "video" ? (
        <>
          <video src={`${address}#t=0.1`} preload="metadata" muted playsInline />
          <span className={css.play}>
            <IconPlayerPlayFilled size={alone ? 24 : 18} />
          </span>
          <span className={css.length}>{duration(attachment.duration_s)}</span>
        </>
      ) : (
        <img src={address} alt={attachment.name || t("kind.picture")} loading="lazy" />
      )}
    </button>
  );
}
