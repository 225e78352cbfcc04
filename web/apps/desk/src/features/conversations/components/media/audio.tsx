/** A voice message or a piece of music: play, wave, time. */
import type { AttachmentView } from "@otklik/client";
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { type MouseEvent, useRef, useState } from "react";
import { duration } from "../../../../shell/time.ts";
import { t } from "../../../../shell/words.ts";
import { fileAddress } from "../../api.ts";
import css from "./media.module.css";
import { BARS, usePeaks } from "./peaks.ts";

export function AudioCard({ attachment, fileId }: { attachment: AttachmentView; fileId: string }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(attachment.duration_s);
  const toggle = () => void (playing ? audio.current?.pause() : audio.current?.play());
  const seek = (share: number) => {
    const player = audio.current;
    if (player && Number.isFinite(player.duration)) player.currentTime = share * player.duration;
  };
  return (
    <span className={css.card}>
      <button
        type="button"
        className={css.badge}
        aria-label={t(playing ? "media.pause" : "media.play")}
        onClick={toggle}
      >
        {playing ? <IconPlayerPauseFilled size={18} /> : <IconPlayerPlayFilled size={18} />}
      </button>
      <span className={css.about}>
        {attachment.kind === "voice" ? (
          <Wave address={fileAddress(fileId)} share={length > 0 ? at / length : 0} onSeek={seek} />
        ) : (
          <span className={css.name}>{attachment.name || t("kind.audio")}</span>
        )}
        <span className={css.fine}>
          {at > 0 ? `${duration(at)} / ${duration(length)}` : duration(length)}
        </span>
      </span>
      {/* biome-ignore lint/a11y/useMediaCaption: people's own voices come without captions */}
      <audio
        ref={audio}
        src={fileAddress(fileId)}
        preload="none"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setAt(0)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onLoadedMetadata={(event) => {
          const known = event.currentTarget.duration;
          if (Number.isFinite(known)) setLength(known);
        }}
      />
    </span>
  );
}

interface WaveProps {
  address: string;
  share: number;
  onSeek: (share: number) => void;
}

function Wave({ address, share, onSeek }: WaveProps) {
  const peaks = usePeaks(address);
  const click = (event: MouseEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    onSeek((event.clientX - box.left) / box.width);
  };
  return (
    <button type="button" className={css.wave} aria-label={t("media.seek")} onClick={click}>
      {peaks.map((peak) => (
        <span
          key={peak.at}
          className={css.bar}
          data-played={peak.at / BARS < share ? "" : undefined}
          style={{ transform: `scaleY(${peak.height})` }}
        />
      ))}
    </button>
  );
}
