/** A video note: a circle that plays on a click. */
import type { AttachmentView } from "@otklik/client";
import { useRef, useState } from "react";
import { duration } from "../../../../shell/time.ts";
import { t } from "../../../../shell/words.ts";
import { fileAddress } from "../../api.ts";
import css from "./media.module.css";

export function RoundVideo({ attachment, fileId }: { attachment: AttachmentView; fileId: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const [playing, setPlaying] = useState(false);
  const toggle = () => void (playing ? video.current?.pause() : video.current?.play());
  return (
    <button
      type="button"
      className={css.round}
      aria-label={t(playing ? "media.pause" : "media.play")}
      onClick={toggle}
    >
      {/* biome-ignore lint/a11y/useMediaCaption: people's own videos come without captions */}
      <video
        ref={video}
        src={`${fileAddress(fileId)}#t=0.1`}
        preload="metadata"
        playsInline
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
      />
      {playing ? null : <span className={css.roundTime}>{duration(attachment.duration_s)}</span>}
    </button>
  );
}
