/** The names of everything cached, in one place. */
import type { QueueFilter } from "./cache.ts";

export const keys = {
  me: ["me"] as const,
  queue: (filter: QueueFilter) => ["queue", filter] as const,
  counts: ["counts"] as const,
  conversation: (id: string) => ["conversation", id] as const,
  messages: (id: string) => ["messages", id] as const,
  proposals: (contactId: string) => ["proposals", contactId] as const,
  preview: (id: string, draft: string) => ["preview", id, draft] as const,
  labels: ["labels"] as const,
  operators: ["operators"] as const,
  inboxes: ["inboxes"] as const,
  inbox: (id: string) => ["inbox", id] as const,
  templates: (inboxId: string) => ["inbox", inboxId, "templates"] as const,
  channels: ["channels"] as const,
  stickers: ["stickers"] as const,
  search: (words: string) => ["search", words] as const,
  apiKeys: ["api-keys"] as const,
  webhooks: ["webhooks"] as const,
  attempts: (id: string) => ["webhooks", id, "attempts"] as const,
  dead: ["dead"] as const,
};
