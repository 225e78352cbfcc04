import { Component, createRef } from "preact";
import { useAround } from "./around";
import { Icon } from "./icons";
import { safeUrl } from "./links";
import { sizeOf } from "./strings";
import type { Attachment, Message, Place } from "./wire";

const PLAY = "M8 5.5v13l10.5-6.5z";
const PAUSE = "M9 6v12M15 6v12";
const PIN =
  "M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21M14.5 9.5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0";

/** The files and the place of a message; several messages are one album. */
export function Media({ messages }: { messages: Message[] }) {
  const pieces = messages.flatMap((message) =>
    message.attachments.map((file) => ({ message, file })),
  );
  const visual = pieces.filter(({ file }) => file.kind === "picture" || file.kind === "video");
  const rest = pieces.filter((piece) => !visual.includes(piece));
  const place = messages[0]?.location;
  return (
    <>
      {visual.length > 0 && (
        <div class={`album n${Math.min(visual.length, 4)}`}>
          {visual.map(({ message, file }) => (
            <Visual key={file.id} message={message} file={file} alone={visual.length === 1} />
          ))}
        </div>
      )}
      {rest.map(({ message, file }) => (
        <Piece key={file.id} message={message} file={file} />
      ))}
      {place && <Spot place={place} />}
    </>
  );
}

const renewed = new Set<string>();

function linkOf({ message, file }: PieceProps) {
  const { chat } = useAround();
  return {
    src: file.url ? chat.address(file.url) : "",
    // The signed link may have expired since: once, ask for a fresh one.
    onError: () => {
      if (renewed.has(file.id)) return;
      renewed.add(file.id);
      void chat.renew(message);
    },
  };
}

interface PieceProps {
  message: Message;
  file: Attachment;
}

function Visual({ message, file, alone }: PieceProps & { alone: boolean }) {
  const { words } = useAround();
  const link = linkOf({ message, file });
  const label = file.kind === "video" ? words.video : words.picture;
  const size = alone && file.width && file.height ? { width: file.width, height: file.height } : {};
  if (!link.src) return <div class="absent">{words.noFile}</div>;
  if (file.kind === "video")
    return (
      <video {...link} {...size} controls preload="metadata" aria-label={file.name || label} />
    );
  return (
    <a href={link.src} target="_blank" rel="noopener">
      <img {...link} {...size} loading="lazy" alt={file.name || label} />
    </a>
  );
}

function Piece({ message, file }: PieceProps) {
  if (file.kind === "sticker") return <Sticker message={message} file={file} />;
  if (file.kind === "voice" || file.kind === "audio")
    return <Sound message={message} file={file} />;
  return <Document message={message} file={file} />;
}

function Sticker({ message, file }: PieceProps) {
  const { words } = useAround();
  const link = linkOf({ message, file });
  const label = `${words.sticker} ${file.emoji}`.trim();
  // An animated Lottie sticker needs a player heavier than the whole panel: its emoji stands in.
  if (!link.src || file.format === "tgs")
    return (
      <span class="jumbo" role="img" aria-label={label}>
        {file.emoji || "🙂"}
      </span>
    );
  if (file.format === "webm")
    return <video class="sticker" {...link} autoplay loop muted playsInline aria-label={label} />;
  return <img class="sticker" {...link} alt={label} />;
}

function Document({ message, file }: PieceProps) {
  const { words } = useAround();
  const link = linkOf({ message, file });
  const name = file.name || words.file;
  return (
    <a
      class="file"
      {...(link.src && { href: link.src })}
      download={name}
      target="_blank"
      rel="noopener"
    >
      <span class="round">
        <Icon name="file" />
      </span>
      <span>
        <b>{name}</b>
        <small>{link.src ? sizeOf(file.size, words) : words.noFile}</small>
      </span>
    </a>
  );
}

const BARS = 28;

/** A voice message: play, a wave that fills, and the time left. */
class Sound extends Component<PieceProps, { playing: boolean; at: number }> {
  override state = { playing: false, at: 0 };
  audio = createRef<HTMLAudioElement>();

  seek = (event: MouseEvent): void => {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const audio = this.audio.current;
    if (audio) audio.currentTime = ((event.clientX - left) / width) * this.seconds();
  };

  /** Recordings made on the fly do not know their length; the message does. */
  seconds(): number {
    const length = this.audio.current?.duration ?? Number.NaN;
    return Number.isFinite(length) ? length : this.props.file.duration_s;
  }

  render() {
    const { words } = useAround();
    const { file } = this.props;
    const { playing, at } = this.state;
    const link = linkOf(this.props);
    const audio = this.audio;
    const share = at / (this.seconds() || 1);
    return (
      <div class="sound">
        <audio
          ref={audio}
          {...link}
          preload="none"
          onPlay={() => this.setState({ playing: true })}
          onPause={() => this.setState({ playing: false })}
          onTimeUpdate={(event) => this.setState({ at: event.currentTarget.currentTime })}
        />
        <button
          type="button"
          class="round"
          disabled={!link.src}
          aria-label={`${playing ? words.pause : words.play}: ${file.name || words.voice}`}
          onClick={() => (playing ? audio.current?.pause() : void audio.current?.play())}
        >
          <Icon path={playing ? PAUSE : PLAY} />
        </button>
        <span class="wave" aria-hidden="true" onClick={this.seek}>
          {Array.from({ length: BARS }, (_, bar) => (
            <i
              key={String(bar)}
              class={bar / BARS < share ? "on" : ""}
              style={{ height: `${barOf(file.id, bar)}%` }}
            />
          ))}
        </span>
        <small>{clock(playing || at ? at : this.seconds())}</small>
      </div>
    );
  }
}

/** A quiet pattern of its own for every recording: the real loudness is not known here. */
function barOf(id: string, bar: number): number {
  const code = id.charCodeAt(bar % (id.length || 1)) || 0;
  return 24 + ((code * (bar + 7)) % 76);
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function Spot({ place }: { place: Place }) {
  const { words } = useAround();
  const { latitude, longitude } = place;
  const point = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const map = safeUrl(
    `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`,
  );
  return (
    <a class="file" href={map} target="_blank" rel="noopener noreferrer">
      <span class="round">
        <Icon path={PIN} />
      </span>
      <span>
        <b>{place.title || words.location}</b>
        <small>{place.address || point}</small>
      </span>
    </a>
  );
}
