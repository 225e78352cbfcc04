// Pictures, stickers, sounds, places, cards and baskets as they look in a chat.

import { useEffect, useRef } from "preact/hooks";
import { totalOf } from "./chat";
import { Pin, Sheet } from "./marks";
import { fileUrl } from "./sandbox";
import type { File, Item, Message, Place, Spot } from "./wire";
import { lasting, moneyOf, sizeOf, words } from "./words";

export function hasBubble(message: Message): boolean {
  return message.kind !== "sticker" && message.kind !== "round";
}

const PICTURED = new Set(["picture", "video", "animation"]);
export const isPicture = (file: File) => PICTURED.has(file.kind);

export function FileView({ spot, file }: { spot: Spot; file: File }) {
  const src = fileUrl(spot, file.id);
  switch (file.kind) {
    case "sticker":
      return <StickerView src={src} mime={file.mime} emoji={file.emoji ?? ""} />;
    case "picture":
      return <Picture src={src} file={file} />;
    case "video":
    case "animation":
      return <Moving src={src} file={file} />;
    case "round":
      return <Round src={src} />;
    case "voice":
    case "audio":
      return <Sound src={src} file={file} />;
    default:
      return <Document src={src} file={file} />;
  }
}

/** What a message has besides files and words. */
export function Extra({ message }: { message: Message }) {
  if (message.place) return <Somewhere place={message.place} />;
  if (message.contact) return <ContactView {...message.contact} />;
  if (message.items?.length) return <Basket items={message.items} />;
  return null;
}

function Picture({ src, file }: { src: string; file: File }) {
  return (
    <a class="picture" href={src} target="_blank" rel="noreferrer noopener">
      <img
        src={src}
        alt={file.name || words.photo}
        width={file.width}
        height={file.height}
        loading="lazy"
      />
    </a>
  );
}

function Moving({ src, file }: { src: string; file: File }) {
  const loop = file.kind === "animation";
  return (
    <video
      class="picture"
      src={src}
      width={file.width}
      height={file.height}
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

export function StickerView({ src, mime, emoji }: { src: string; mime: string; emoji: string }) {
  if (mime.includes("tgsticker")) return <Animated src={src} label={emoji} />;
  if (mime.startsWith("video/"))
    return <video class="sticker" src={src} loop autoplay muted playsInline aria-label={emoji} />;
  return <img class="sticker" src={src} alt={emoji} />;
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

function Sound({ src, file }: { src: string; file: File }) {
  const player = useRef<HTMLAudioElement>(null);
  const voice = file.kind === "voice";
  const toggle = () => {
    const audio = player.current;
    if (audio) void (audio.paused ? audio.play() : audio.pause());
  };
  return (
    <div class="file">
      <button type="button" class="disc" onClick={toggle} aria-label={file.title || words.voice}>
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
          <b>{file.title || file.name}</b>
        )}
        <small>{voice ? lasting(file.duration ?? 0) : file.performer}</small>
      </div>
      {/* biome-ignore lint/a11y/useMediaCaption: a voice message has no captions to offer */}
      <audio ref={player} src={src} preload="none" />
    </div>
  );
}

function Document({ src, file }: { src: string; file: File }) {
  return (
    <a class="file" href={src} download={file.name}>
      <span class="disc">
        <Sheet />
      </span>
      <div>
        <b>{file.name || words.file}</b>
        <small>{sizeOf(file.size)}</small>
      </div>
    </a>
  );
}

function Somewhere({ place }: { place: Place }) {
  const shown = `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
  return (
    <div class="spot">
      <div class="map">
        <Pin />
      </div>
      <b>{place.title || words.place}</b>
      <small>{place.address || shown}</small>
    </div>
  );
}

function ContactView({ name, phone }: { name: string; phone: string }) {
  return (
    <div class="file">
      <span class="disc">{name.slice(0, 1)}</span>
      <div>
        <b>{name}</b>
        <small>+{phone.replace(/^\+/, "")}</small>
      </div>
    </div>
  );
}

function Basket({ items }: { items: Item[] }) {
  const total = totalOf(items);
  return (
    <div class="basket">
      {items.map((item) => (
        <div key={item.id}>
          <span>
            {item.title} × {item.quantity ?? 1}
          </span>
          {item.price && <b>{moneyOf(item.price, item.currency)}</b>}
        </div>
      ))}
      {total && (
        <div class="total">
          <span>{words.total}</span>
          <b>{moneyOf(total, items[0]?.currency)}</b>
        </div>
      )}
    </div>
  );
}
