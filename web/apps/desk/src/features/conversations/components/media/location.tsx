/** A place: an own drawn card, so that no map service learns whom we talk to. */
import type { GeoPoint } from "@otklik/client";
import { t } from "../../../../shell/words.ts";
import css from "./media.module.css";

export function LocationCard({ location }: { location: GeoPoint }) {
  const { latitude, longitude, title, address } = location;
  const at = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const target = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return (
    <a className={css.location} href={target} target="_blank" rel="noopener noreferrer">
      <svg
        className={css.map}
        viewBox="0 0 280 120"
        preserveAspectRatio="xMidYMid slice"
        aria-hidden="true"
      >
        <g
          fill="none"
          stroke="light-dark(oklch(0.99 0 0), oklch(0.42 0.015 200))"
          strokeLinecap="round"
        >
          <path strokeWidth="7" d="M-10 88 C60 70 110 96 160 74 S250 40 300 48" />
          <path strokeWidth="4" d="M40 -10 62 130M128 -10 118 130M206 -10 224 130M-10 30 300 12" />
        </g>
        <path
          fill="var(--accent)"
          stroke="var(--surface-2)"
          strokeWidth="2"
          d="M140 82c12-16 18-24 18-33a18 18 0 1 0-36 0c0 9 6 17 18 33z"
        />
        <circle cx="140" cy="49" r="6.5" fill="var(--surface-2)" />
      </svg>
      <span className={css.place}>
        <span className={css.name}>
          {title || t(location.live_s ? "media.liveLocation" : "kind.location")}
        </span>
        <span className={css.fine}>{address || at}</span>
      </span>
    </a>
  );
}
