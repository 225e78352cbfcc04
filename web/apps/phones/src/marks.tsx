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

/** One tick when Telegram has it, two when the bot took it. */
export function Ticks({ two }: { two: boolean }) {
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
      aria-hidden="true"
    >
      <path d="m1 5.8 3.2 3.4L10.7 1.5" />
      {two && <path d="m8 8.4.9.8 6.6-7.7" />}
    </svg>
  );
}

/** Telegram's own shape: a paper plane in a circle. */
export function TelegramMark() {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="8" fill="#2aabee" />
      <path
        d="m3.3 7.8 8.2-3.2c.4-.1.7.1.6.6l-1.4 6.4c-.1.5-.4.6-.8.4L7.8 10.5l-1 1c-.2.2-.3.2-.4-.1l-.6-1.9-2.4-.8c-.5-.2-.5-.6-.1-.9z"
        fill="#fff"
      />
    </svg>
  );
}
