/** Own drawn line icons on a 24 px grid; the late parts bring theirs as a path. */

const PATHS = {
  close: "m6 6 12 12M18 6 6 18",
  down: "m6 9 6 6 6-6",
  send: "M5 12h14M13 6l6 6-6 6",
  clip: "m20 11.5-8 8a5 5 0 0 1-7-7l8.5-8.5a3.4 3.4 0 0 1 4.8 4.8l-8.2 8.2a1.7 1.7 0 0 1-2.4-2.4L15 7.5",
  smile: "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M8.5 14.5a4.3 4.3 0 0 0 7 0M9 9.5h.01M15 9.5h.01",
  file: "M13 3.5H7A1.5 1.5 0 0 0 5.5 5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V9zM13 3.5V9h5.5",
  clock: "M12 7.5V12l3 2M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0",
  tick: "m5 12.5 4.5 4.5L19 7.5",
  ticks: "m2 12.5 4.5 4.5L16 7.5M11 16l1 1 9.5-9.5",
  alert: "M12 7.5v5.5M12 16.5h.01M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0",
  reply: "M10 7 5 12l5 5M5 12h9a5 5 0 0 1 5 5v1",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, path, size = 24 }: { name?: IconName; path?: string; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={path ?? PATHS[name ?? "file"]} />
    </svg>
  );
}
