/** What screens of conversations share: the filter in the URL and what is derived from it. */
import type { LabelView, MessageView, QueueRow } from "@otklik/client";
import { useQuery } from "@tanstack/react-query";
import type { QueueFilter, QueueSort, QueueView } from "../../shell/cache.ts";
import { nameOf } from "../../shell/naming.ts";
import { MINUTE } from "../../shell/time.ts";
import { isWord, t } from "../../shell/words.ts";
import { labelsQuery } from "./api.ts";

export const VIEWS: readonly QueueView[] = ["mine", "unassigned", "all", "resolved"];

/** What the URL may hold; absent values are the usual ones. */
export interface QueueSearch {
  view?: QueueView | undefined;
  sort?: QueueSort | undefined;
  label?: string | undefined;
  channel?: string | undefined;
  /** Jump to this message number. */
  at?: number | undefined;
}

/** Read the URL's search, ignoring what makes no sense. */
export function readSearch(raw: Record<string, unknown>): QueueSearch {
  const search: QueueSearch = {};
  if (VIEWS.includes(raw.view as QueueView)) search.view = raw.view as QueueView;
  if (raw.sort === "recent") search.sort = "recent";
  if (typeof raw.label === "string" && raw.label) search.label = raw.label;
  if (typeof raw.channel === "string" && raw.channel) search.channel = raw.channel;
  if (typeof raw.at === "number" && raw.at > 0) search.at = raw.at;
  return search;
}

/** The filter a URL stands for. */
export function filterOf(search: QueueSearch): QueueFilter {
  return {
    view: search.view ?? "all",
    sort: search.sort ?? "waiting",
    label: search.label ?? "",
    channel: search.channel ?? "",
  };
}

/** How urgent a wait is: amber after 5 minutes, red after 15. */
export function urgency(waitedMs: number): "calm" | "amber" | "red" {
  if (waitedMs > 15 * MINUTE) return "red";
  return waitedMs > 5 * MINUTE ? "amber" : "calm";
}

/** One line for a queue row: the text, or what kind of thing it was. */
export function previewText(row: QueueRow): string {
  const kind = `kind.${row.preview_kind}`;
  const named = row.preview_kind !== "text" && row.preview_kind !== "note" && isWord(kind);
  if (!named) return row.preview;
  return row.preview ? `${t(kind)}: ${row.preview}` : t(kind);
}

/** One line for a message quoted elsewhere. */
export function quoteText(message: MessageView): string {
  if (message.deleted_at !== null) return t("message.deleted");
  if (message.text) return message.text;
  const kind = `kind.${message.kind}`;
  return isWord(kind) ? t(kind) : "";
}

/** Who wrote a message. */
export function authorOf(message: MessageView): string {
  const known = message.author_name.trim();
  return (
    known || (message.author_kind === "contact" ? nameOf("", message.contact_id) : t("thread.us"))
  );
}

/** Labels by id. */
export function useLabels(): Map<string, LabelView> {
  const { data } = useQuery(labelsQuery);
  return new Map((data ?? []).map((label) => [label.id, label]));
}
