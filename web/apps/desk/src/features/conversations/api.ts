/** What conversations ask of the server. */
import {
  ask,
  type Entity,
  type LabelColor,
  type NewMessage,
  type QueueCounts,
  type QueuePage,
} from "@otklik/client";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { QueueFilter } from "../../shell/cache.ts";
import { keys } from "../../shell/keys.ts";
import { queryClient } from "../../shell/live.ts";

const PAGE = 50;
const BASE = "/api/v1/conversations";
const MESSAGE = "/api/v1/messages/{message_id}";

const ASSIGNEE = { mine: "me", unassigned: "none", all: "any", resolved: "any" } as const;

export function queueQuery(filter: QueueFilter) {
  return infiniteQueryOptions({
    queryKey: keys.queue(filter),
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const page = await ask("GET", "/api/v1/conversations", {
        signal,
        query: {
          state: filter.view === "resolved" ? "resolved" : "open",
          assignee: ASSIGNEE[filter.view],
          label: filter.label,
          channel: filter.channel,
          sort: filter.view === "resolved" ? "recent" : filter.sort,
          before: pageParam,
          limit: PAGE,
        },
      });
      queryClient.setQueryData<QueueCounts>(keys.counts, readCounts(page));
      return page;
    },
    getNextPageParam: (page) => page.next,
  });
}

function readCounts({ counts }: QueuePage): QueueCounts {
  const { mine = 0, unassigned = 0, open = 0, resolved = 0 } = counts;
  return { mine, unassigned, open, resolved };
}

export const countsQuery = queryOptions({
  queryKey: keys.counts,
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async () => readCounts(await ask("GET", BASE, { query: { limit: 1 } })),
});

export function conversationQuery(id: string) {
  return queryOptions({
    queryKey: keys.conversation(id),
    queryFn: ({ signal }) =>
      ask("GET", `${BASE}/{conversation_id}`, { path: { conversation_id: id }, signal }),
  });
}

export function messagesQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: keys.messages(id),
    initialPageParam: null as number | null,
    queryFn: ({ pageParam, signal }) =>
      ask("GET", `${BASE}/{conversation_id}/messages`, {
        path: { conversation_id: id },
        signal,
        query: { before: pageParam, limit: PAGE },
      }),
    getNextPageParam: (page) => (page.more ? (page.items[0]?.seq ?? null) : null),
  });
}

/** What the channel would make of a draft, given as the JSON of a message without its id. */
export function previewQuery(id: string, draft: string) {
  return queryOptions({
    queryKey: keys.preview(id, draft),
    retry: false,
    gcTime: 60_000,
    queryFn: ({ signal }) =>
      ask("POST", `${BASE}/{conversation_id}/messages/preview`, {
        path: { conversation_id: id },
        body: {
          ...(JSON.parse(draft) as Omit<NewMessage, "client_id">),
          client_id: "preview-only",
        },
        signal,
      }),
  });
}

export const labelsQuery = queryOptions({
  queryKey: keys.labels,
  queryFn: () => ask("GET", "/api/v1/labels"),
});

export const stickersQuery = queryOptions({
  queryKey: keys.stickers,
  queryFn: () => ask("GET", "/api/v1/stickers"),
});

export const assign = (id: string, operatorId: string | null) =>
  ask("POST", `${BASE}/{conversation_id}/assign`, {
    path: { conversation_id: id },
    body: { operator_id: operatorId },
  });
export const resolve = (id: string) =>
  ask("POST", `${BASE}/{conversation_id}/resolve`, { path: { conversation_id: id } });
export const reopen = (id: string) =>
  ask("POST", `${BASE}/{conversation_id}/reopen`, { path: { conversation_id: id } });
export const markRead = (id: string, seq: number) =>
  ask("POST", `${BASE}/{conversation_id}/read`, { path: { conversation_id: id }, body: { seq } });
export const putLabels = (id: string, labelIds: string[]) =>
  ask("PUT", `${BASE}/{conversation_id}/labels`, {
    path: { conversation_id: id },
    body: { label_ids: labelIds },
  });

export const createLabel = (title: string, color: LabelColor) =>
  ask("POST", "/api/v1/labels", { body: { title, color } });
export const changeLabel = (id: string, change: { title: string; color: LabelColor }) =>
  ask("PATCH", "/api/v1/labels/{label_id}", { path: { label_id: id }, body: change });
export const deleteLabel = (id: string) =>
  ask("DELETE", "/api/v1/labels/{label_id}", { path: { label_id: id } });

export const editMessage = (id: string, text: string, entities: Entity[]) =>
  ask("PATCH", `${MESSAGE}`, { path: { message_id: id }, body: { text, entities } });
export const deleteMessage = (id: string) =>
  ask("DELETE", `${MESSAGE}`, { path: { message_id: id } });
export const retryMessage = (id: string) =>
  ask("POST", `${MESSAGE}/retry`, { path: { message_id: id } });
export const settleMessage = (id: string) =>
  ask("POST", `${MESSAGE}/settle`, { path: { message_id: id } });
export const react = (id: string, emoji: string) =>
  ask("PUT", `${MESSAGE}/reaction`, { path: { message_id: id }, body: { emoji } });

/** Where the page of a letter is; with `pictures` it may load those from elsewhere. */
export function letterAddress(fileId: string, pictures: boolean): string {
  return `/api/v1/files/${fileId}/letter${pictures ? "?pictures=true" : ""}`;
}

/** Where a stored file's bytes are; `download` asks the browser to save them. */
export function fileAddress(fileId: string, download = false): string {
  return `/api/v1/files/${fileId}${download ? "?download=1" : ""}`;
}
