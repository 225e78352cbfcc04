// Pictures, stickers, sounds and places as they look in a chat.

import { useEffect, useRef } from "preact/hooks";
import { Pin, Sheet } from "./marks";
import { fileUrl } from "./sandbox";
import type { Medium, Message, Place, Sticker } from "./wire";
import { lasting, sizeOf, words } from "./words";

export function hasBubble(message: Message): boolean {
  return !message.sticker && !message.video_note;
}

export function Media({ botId, message }: { botId: number; message: Message }) {
  const url = (medium: { file_id: string }) => fileUrl(botId, medium.file_id);
  if (message.sticker) return <StickerView botId={botId} sticker={message.sticker} />;
  const biggest = message.photo?.at(-1);
  if (biggest) return <Picture src={url(biggest)} medium={biggest} />;
  const film = message.video ?? message.animation;
  if (film) return <Film src={url(film)} medium={film} loop={Boolean(message.animation)} />;
  if (message.video_note) return <Round src={url(message.video_note)} />;
  const sound = message.voice ?? message.audio;
  if (sound) return <Sound src={url(sound)} medium={sound} voice={Boolean(message.voice)} />;
  if (message.document) return <Document src={url(message.document)} medium={message.document} />;
  const place = message.venue?.location ?? message.location;
  if (place) return <Spot place={place} venue={message.venue} />;
  if (message.contact) return <Card contact={message.contact} />;
  if (message.poll) return <Poll poll={message.poll} />;
  return null;
}

function Picture({ src, medium }: { src: string; medium: Medium }) {
  return (
    <a class="picture" href={src} target="_blank" rel="noreferrer noopener">
      <img src={src} alt={words.photo} width={medium.width} height={medium.height} loading="lazy" />
    </a>
  );
}

function Film({ src, medium, loop }: { src: string; medium: Medium; loop: boolean }) {
  return (
    <video
      class="picture"
      src={src}
      width={medium.width}
      height={medium.height}
      controls={!loop}
      loop={loop}
      autoplay={loop}
      muted
      playsInline
      preload="metadata"
      aria-label={words.video}
    />
  );
}

function Round({ src }: { src: string }) {
  return <video class="round" src={src} loop autoplay muted playsInline aria-label={words.video} />;
}

export function StickerView({ botId, sticker }: { botId: number; sticker: Sticker }) {
  const src = fileUrl(botId, sticker.file_id);
  if (sticker.is_animated) return <Animated src={src} label={sticker.emoji ?? ""} />;
  if (sticker.is_video)
    return (
      <video
        class="sticker"
        src={src}
        loop
        autoplay
        muted
        playsInline
        aria-label={sticker.emoji ?? ""}
      />
    );
  return <img class="sticker" src={src} alt={sticker.emoji ?? ""} />;
}

/** A .tgs sticker: gzipped Lottie; the player is loaded only when the first one is seen. */
export function Animated({ src, label }: { src: string; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let stop = () => {};
    let gone = false;
    void (async () => {
      const [{ default: lottie }, answer] = await Promise.all([
        import("lottie-web/build/player/lottie_light"),
        fetch(src),
      ]);
      const plain = answer.body?.pipeThrough(new DecompressionStream("gzip"));
      const animationData = await new Response(plain).json();
      if (gone || !place.current) return;
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const shown = lottie.loadAnimation({
        container: place.current,
        animationData,
        autoplay: !still,
      });
      stop = () => shown.destroy();
    })();
    return () => {
      gone = true;
      stop();
    };
  }, [src]);
  return <div class="sticker" ref={place} role="img" aria-label={label} />;
}

const WAVE = [4, 7, 11, 6, 9, 14, 10, 5, 8, 13, 16, 9, 6, 11, 7, 12, 15, 8, 5, 10, 6, 4];

function Sound({ src, medium, voice }: { src: string; medium: Medium; voice: boolean }) {
  const player = useRef<HTMLAudioElement>(null);
  const toggle = () => {
    const audio = player.current;
    if (audio) void (audio.paused ? audio.play() : audio.pause());
  };
  return (
    <div class="file">
      <button type="button" class="disc" onClick={toggle} aria-label={medium.title ?? words.voice}>
        <svg width="14" height="16" viewBox="0 0 14 16" aria-hidden="true">
          <path d="M2 1.6v12.8L13 8z" fill="currentColor" />
        </svg>
      </button>
      <div>
        {voice ? (
          <div class="wave" aria-hidden="true">
            {WAVE.map((height, place) => (
              <i key={`${place}-${height}`} style={{ height: `${height}px` }} />
            ))}
          </div>
        ) : (
          <b>{medium.title ?? medium.file_name}</b>
        )}
        <small>{voice ? lasting(medium.duration ?? 0) : medium.performer}</small>
      </div>
      {/* biome-ignore lint/a11y/useMediaCaption: a voice message has no captions to offer */}
      <audio ref={player} src={src} preload="none" />
    </div>
  );
}

function Document({ src, medium }: { src: string; medium: Medium }) {
  return (
    <a class="file" href={src} download={medium.file_name}>
      <span class="disc">
        <Sheet />
      </span>
      <div>
        <b>{medium.file_name ?? words.file}</b>
        <small>{sizeOf(medium.file_size ?? 0)}</small>
      </div>
    </a>
  );
}

function Spot({ place, venue }: { place: Place; venue: Message["venue"] }) {
  const shown = `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
  return (
    <div class="spot">
      <div class="map">
        <Pin />
      </div>
      <b>{venue?.title ?? words.place}</b>
      <small>{venue?.address ?? shown}</small>
    </div>
  );
}

function Card({ contact }: { contact: NonNullable<Message["contact"]> }) {
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(" ");
  return (
    <div class="file">
      <span class="disc">{name.slice(0, 1)}</span>
      <div>
        <b>{name}</b>
        <small>+{contact.phone_number.replace(/^\+/, "")}</small>
      </div>
    </div>
  );
}

function Poll({ poll }: { poll: NonNullable<Message["poll"]> }) {
  return (
    <div class="poll">
      <b>{poll.question}</b>
      <small>{words.poll}</small>
      {poll.options.map((option) => (
        <span key={option.text}>{option.text}</span>
      ))}
    </div>
  );
}
