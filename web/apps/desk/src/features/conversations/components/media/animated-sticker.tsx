/** A .tgs sticker: gzipped Lottie, drawn by the light player, which evaluates no expressions. */
import lottie from "lottie-web/build/player/lottie_light";
import { useEffect, useRef, useState } from "react";
import css from "./media.module.css";

interface Props {
  address: string;
  name: string;
  emoji: string;
  still: boolean;
}

export default function AnimatedSticker({ address, name, emoji, still }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const container = box.current;
    if (!container) return;
    let stop = () => undefined as undefined;
    let left = false;
    readSticker(address).then(
      (animationData) => {
        if (left) return;
        const player = lottie.loadAnimation({
          container,
          animationData,
          renderer: "svg",
          loop: !still,
          autoplay: !still,
        });
        stop = () => void player.destroy();
      },
      () => setBroken(true),
    );
    return () => {
      left = true;
      stop();
    };
  }, [address, still]);
  if (broken) return <span className={css.stickerEmoji}>{emoji || "🙂"}</span>;
  return <div ref={box} className={css.sticker} role="img" aria-label={name} />;
}

/** Fetch a .tgs and give the Lottie document inside. */
export async function readSticker(address: string): Promise<unknown> {
  const answer = await fetch(address);
  if (!answer.ok || !answer.body) throw new Error(`sticker: HTTP ${answer.status}`);
  const plain = answer.body.pipeThrough(new DecompressionStream("gzip"));
  return new Response(plain).json();
}
