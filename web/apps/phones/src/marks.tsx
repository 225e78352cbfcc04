// Small drawn marks; every one is 20 by 20 and takes the colour of its text.

import type { ComponentChildren } from "preact";

function Mark({ children, size = 20 }: { children: ComponentChildren; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const Clip = () => (
  <Mark>
    <path d="M15.8 9.3 9.6 15.5a3.9 3.9 0 0 1-5.5-5.5l6.6-6.6a2.6 2.6 0 0 1 3.7 3.7l-6.4 6.4a1.3 1.3 0 0 1-1.9-1.9l5.7-5.6" />
  </Mark>
);
export const Smile = () => (
  <Mark>
    <path d="M17.5 10.5V10A7.5 7.5 0 1 0 10 17.5h.5z" />
    <path d="M10.5 17.5c0-4 2-7 7-7M7.4 8v.6M12.4 8v.6M7 11.6c.7.9 1.6 1.4 2.6 1.5" />
  </Mark>
);
export const Plane = () => (
  <Mark>
    <path d="M3.2 16.8 17.6 10 3.2 3.2l1.5 5.5 6.6 1.3-6.6 1.3z" fill="currentColor" />
  </Mark>
);
export const Keys = () => (
  <Mark>
    <rect x="2" y="4.5" width="16" height="11" rx="2.5" />
    <path d="M5.5 8h.01M8.5 8h.01M11.5 8h.01M14.5 8h.01M5.5 10.5h.01M14.5 10.5h.01M7.5 12.8h5" />
  </Mark>
);
export const Dots = () => (
  <Mark>
    <path d="M10 4.5v.01M10 10v.01M10 15.5v.01" stroke-width="2.4" />
  </Mark>
);
export const Cross = () => (
  <Mark size={16}>
    <path d="m5 5 10 10M15 5 5 15" />
  </Mark>
);
export const Pin = () => (
  <Mark>
    <path d="M10 17.5s5.5-4.8 5.5-9a5.5 5.5 0 0 0-11 0c0 4.2 5.5 9 5.5 9z" />
    <circle cx="10" cy="8.5" r="2" />
  </Mark>
);
export const Sheet = () => (
  <Mark>
    <path d="M11.5 2.8H6a1.6 1.6 0 0 0-1.6 1.6v11.2A1.6 1.6 0 0 0 6 17.2h8a1.6 1.6 0 0 0 1.6-1.6V7z" />
    <path d="M11.5 2.8V7h4.1" />
  </Mark>
);
export const Plus = () => (
  <Mark>
    <path d="M10 4v12M4 10h12" />
  </Mark>
);

export const Play = () => (
  <Mark>
    <path d="M6 4v12l10-6z" />
  </Mark>
);
export const Pause = () => (
  <Mark>
    <path d="M7 4v12M13 4v12" />
  </Mark>
);

export const Call = () => (
  <Mark>
    <path d="M5.2 3h2.4l1.3 3.4-1.7 1.3a9.5 9.5 0 0 0 5.1 5.1l1.3-1.7L17 12.4v2.4a2 2 0 0 1-2.2 2A13 13 0 0 1 3.2 5.2 2 2 0 0 1 5.2 3z" />
  </Mark>
);
export const Film = () => (
  <Mark>
    <rect x="2" y="5" width="11" height="10" rx="2.5" />
    <path d="m13 9 5-3v8l-5-3" />
  </Mark>
);
export const Search = () => (
  <Mark>
    <circle cx="9" cy="9" r="5.5" />
    <path d="m13.2 13.2 4 4" />
  </Mark>
);
export const About = () => (
  <Mark>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M10 9v4.5M10 6.5v.01" />
  </Mark>
);
export const Down = () => (
  <Mark size={16}>
    <path d="m5 7.5 5 5 5-5" />
  </Mark>
);
export const Back = () => (
  <Mark>
    <path d="M12.5 4 6.5 10l6 6" />
  </Mark>
);
export const Lines = () => (
  <Mark size={16}>
    <path d="M7 5h10M7 10h10M7 15h10M3 5h.01M3 10h.01M3 15h.01" />
  </Mark>
);
export const Pen = () => (
  <Mark>
    <path d="m4 16 1-4 8.5-8.5a1.8 1.8 0 0 1 2.6 0l.4.4a1.8 1.8 0 0 1 0 2.6L8 15z" />
  </Mark>
);
export const Bell = () => (
  <Mark>
    <path d="M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13zM8.5 17.5h3" />
  </Mark>
);

/** One tick when the messenger has it, two when the business does. */
export function Ticks({ two, label }: { two: boolean; label: string }) {
  return (
    <svg
      class="ticks"
      width={two ? 18 : 12}
      height="11"
      viewBox={two ? "0 0 18 11" : "0 0 12 11"}
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      role="img"
      aria-label={label}
    >
      <path d="m1 5.8 3.2 3.4L10.7 1.5" />
      {two && <path d="m8 8.4.9.8 6.6-7.7" />}
    </svg>
  );
}

const GLYPHS: Record<string, ComponentChildren> = {
  bubble: <path d="M4 5h12v8H9l-3 3v-3H4z" fill="currentColor" stroke="none" />,
  plane: <path d="m3 9.6 13.5-5.2-2.4 11.4-4-2.9-2 2-.4-3.4 5-4.6-6.3 4z" fill="currentColor" />,
  two: (
    <path
      d="M3 4h8v6H7l-2 2v-2H3zM9 12h4V7h4v6h-2v2l-2-2H9z"
      fill="currentColor"
      stroke-width="1"
    />
  ),
  ring: (
    <path d="M10 3.5a6.5 6.5 0 1 1-4 11.6L3.5 16l.8-3A6.5 6.5 0 0 1 10 3.5z" stroke-width="2.6" />
  ),
  handset: (
    <>
      <path d="M10 2.8a7.2 7.2 0 1 1-3.6 13.4L3 17l.9-3.3A7.2 7.2 0 0 1 10 2.8z" />
      <path
        d="M7.4 6.8c-.6 3 2.6 6.4 5.8 5.9l.3-1.6-2-.8-.8.8a4 4 0 0 1-1.8-1.8l.8-.8-.7-2z"
        fill="currentColor"
        stroke-width="0.4"
      />
    </>
  ),
  waves: <path d="M4 4h12v9h-5l-3 3v-3H4zM11 6.5a2.5 2.5 0 0 1 2.5 2.5M7 7c0 2.4 1.6 4 4 4" />,
  person: (
    <path
      d="M10 3a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM6 11.500c2.5 1.8 5.5 1.8 8 0M10 13l-3.5 4M10 13l3.5 4"
      stroke-width="2"
    />
  ),
  bolt: (
    <>
      <path
        d="M10 3a7 6.6 0 1 1-3 12.600L4.5 17v-2.700A6.6 6.6 0 0 1 10 3z"
        fill="currentColor"
        stroke="none"
      />
      <path d="m5.8 11.2 3-3 2.2 1.8 3-1.8" stroke="var(--glyph-cut)" />
    </>
  ),
  lens: (
    <>
      <circle cx="10" cy="10" r="6.5" stroke-width="2" />
      <path d="m6.5 12 5.5-4.500M13.5 7.5 9 12" />
    </>
  ),
  letter: <path d="M3 5h14v10H3zM3 5.500l7 5.5 7-5.5" />,
  bell: <path d="M5 14V9a5 5 0 0 1 10 0v5l1.5 1.500h-13zM8.5 17.500h3" />,
  cup: <path d="M4 7h10v4a5 5 0 0 1-10 0zM14 8h1.500a1.5 1.5 0 0 1 0 4H14M7 4.500V3M11 4.500V3" />,
};

/** A messenger's app as it lies on a telephone: its colour and a drawing of our own. */
export function AppIcon({ platform, glyph }: { platform: string; glyph: string }) {
  return (
    <span class="app-icon" data-skin={platform} aria-hidden="true">
      <Mark size={18}>{GLYPHS[glyph] ?? GLYPHS.bubble}</Mark>
    </span>
  );
}
