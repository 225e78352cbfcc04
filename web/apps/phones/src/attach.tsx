// What a person may send besides text: files, places, cards, baskets, stickers.

import { useEffect, useState } from "preact/hooks";
import { Animated } from "./media";
import type { Do } from "./perform";
import { loadSamples, sampleUrl } from "./sandbox";
import type { Sample } from "./wire";
import { words } from "./words";

const OFFERS: [string, string, Record<string, unknown>][] = [
  ["picture", words.photo, {}],
  ["video", words.video, {}],
  ["voice", words.voice, {}],
  ["file", words.file, {}],
  [
    "album",
    words.album,
    {
      items: [
        { kind: "picture", sample: "teapot.jpg" },
        { kind: "picture", sample: "leaves.jpg" },
        { kind: "picture", sample: "tea-cup.jpg" },
      ],
    },
  ],
  ["location", words.place, {}],
  ["contact", words.contact, {}],
  ["order", words.order, {}],
];

export function Attach({ perform, can }: { perform: Do; can(act: string): boolean }) {
  const picked = (event: Event) => {
    const upload = (event.currentTarget as HTMLInputElement).files?.[0];
    if (!upload) return;
    const kind = upload.type.split("/")[0] ?? "";
    const act = kind === "image" ? "picture" : kind === "video" ? "video" : "file";
    void perform(can(act) ? act : "file", {}, upload);
  };
  return (
    <div class="attach">
      {(can("picture") || can("file")) && (
        <label>
          {words.disk}
          <input type="file" onChange={picked} />
        </label>
      )}
      {OFFERS.filter(([act]) => can(act)).map(([act, label, fields]) => (
        <button key={act} type="button" onClick={() => void perform(act, fields)}>
          {label}
        </button>
      ))}
    </div>
  );
}

export function Stickers({ perform }: { perform: Do }) {
  const [samples, setSamples] = useState<Sample[]>([]);
  useEffect(() => void loadSamples().then(setSamples), []);
  return (
    <div class="stickers">
      {samples
        .filter((sample) => sample.kind === "sticker")
        .map((sample) => (
          <button
            key={sample.name}
            type="button"
            aria-label={sample.emoji ?? sample.name}
            onClick={() => void perform("sticker", { sample: sample.name })}
          >
            <Preview sample={sample} />
          </button>
        ))}
    </div>
  );
}

function Preview({ sample }: { sample: Sample }) {
  const src = sampleUrl(sample.name);
  if (sample.name.endsWith(".tgs")) return <Animated src={src} label={sample.emoji ?? ""} />;
  if (sample.name.endsWith(".webm")) return <video src={src} muted loop autoplay playsInline />;
  return <img src={src} alt="" />;
}
