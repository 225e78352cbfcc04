/** What the loader (in the site's page) and the panel (in the frame) say to one another. */

export interface Page {
  url: string;
  title: string;
  referrer: string;
}

/** Where the person is, and the page their visit began with. */
export interface Visit {
  page: Page;
  landing: Page;
}

/** Loader → panel. */
export type ToPanel =
  | { otklik: 1; kind: "hello"; visit: Visit; locale: string; theme: string }
  | { otklik: 1; kind: "shown"; open: boolean; phone: boolean }
  | { otklik: 1; kind: "identify"; jwt: string }
  | { otklik: 1; kind: "reset" }
  | { otklik: 1; kind: "page"; page: Page };

/** Panel → loader. */
export type ToLoader =
  | { otklik: 1; kind: "ready" }
  | { otklik: 1; kind: "look"; color: string; ink: string; position: string; locale: string }
  | { otklik: 1; kind: "unread"; count: number; author: string; text: string }
  | { otklik: 1; kind: "known"; known: boolean }
  | { otklik: 1; kind: "close" }
  | { otklik: 1; kind: "event"; name: string; id: string };

const page: Page = { url: "", title: "", referrer: "" };

/** One example of every message the panel may hear: what comes must have exactly these fields. */
const EXAMPLES: { [K in ToPanel["kind"]]: Omit<Extract<ToPanel, { kind: K }>, "kind"> } = {
  hello: { otklik: 1, visit: { page, landing: page }, locale: "", theme: "" },
  shown: { otklik: 1, open: true, phone: true },
  identify: { otklik: 1, jwt: "" },
  reset: { otklik: 1 },
  page: { otklik: 1, page },
};

/** Tell whether a posted message is one of ours, with every field of its type and no other. */
export function isToPanel(message: unknown): message is ToPanel {
  if (!isRecord(message) || message.otklik !== 1) return false;
  const { kind, ...rest } = message;
  const known = Object.hasOwn(EXAMPLES, String(kind));
  return known && alike(rest, EXAMPLES[kind as ToPanel["kind"]]);
}

function alike(value: unknown, example: unknown): boolean {
  if (!isRecord(example)) return typeof value === typeof example;
  const names = Object.keys(example);
  return (
    isRecord(value) &&
    Object.keys(value).length === names.length &&
    names.every((name) => alike(value[name], example[name]))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
