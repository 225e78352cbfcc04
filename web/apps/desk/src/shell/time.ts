/** Moments and spans as people say them. */
import { preference } from "./preferences.ts";
import { t } from "./words.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

type Style = "clock" | "day" | "dayYear" | "short" | "full";

const STYLES: Record<Style, Intl.DateTimeFormatOptions> = {
  clock: { hour: "2-digit", minute: "2-digit" },
  day: { weekday: "long", day: "numeric", month: "long" },
  dayYear: { day: "numeric", month: "long", year: "numeric" },
  short: { day: "numeric", month: "short" },
  full: { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" },
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** Format a moment (Unix ms) in the operator's own time zone. */
export function moment(at: number, style: Style): string {
  const locale = preference("locale");
  const key = `${locale}${style}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, STYLES[style]);
    formats.set(key, format);
  }
  return format.format(at);
}

/** The name of a day in a timeline: today, yesterday, a weekday, or a date. */
export function dayName(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days === 0) return t("time.today");
  if (days === 1) return t("time.yesterday");
  if (days > 0 && days < 180) return moment(at, "day");
  return moment(at, "dayYear");
}

/** Calendar days between two moments, in the operator's time zone. */
export function daysBetween(at: number, now: number): number {
  const midnight = (moment: number) => new Date(moment).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(at)) / DAY);
}

/** A span as the queue's clock shows it: «сейчас», «4 мин», «2 ч», «3 д». */
export function span(ms: number): string {
  if (ms < MINUTE) return t("time.now");
  if (ms < HOUR) return t("time.minutes", { n: Math.floor(ms / MINUTE) });
  if (ms < DAY) return t("time.hours", { n: Math.floor(ms / HOUR) });
  return t("time.days", { n: Math.floor(ms / DAY) });
}

/** A moment in as few signs as it can be told apart by: a time today, a date before. */
export function brief(at: number, now: number): string {
  return daysBetween(at, now) === 0 ? moment(at, "clock") : moment(at, "short");
}

/** Seconds as a player shows them: 0:07, 12:30. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Bytes as people say them. */
export function fileSize(bytes: number): string {
  const locale = preference("locale");
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: units[unit] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
  }).format(value);
}
