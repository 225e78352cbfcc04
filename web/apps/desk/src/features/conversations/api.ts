/** What conversations ask of the server. */
import {
  ask,
  type ConversationView,
  type Entity,
  type LabelView,
  type MessagePage,
  type MessageView,
  type QueueCounts,
  type QueuePage,
  type QueueRow,
  type StickerView,
} from "@otklik/client";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { QueueFilter } from "../../shell/cache.ts";
import { keys } from "../../shell/keys.ts";
import { queryClient } from "../../shell/live.ts";

const PAGE = 50;
const BASE = "/api/v1/conversations";

const ASSIGNEE = { mine: "me", unassigned: "none", all: "any", resolved: "any" } as const;

export function queueQuery(filter: QueueFilter) {
  return infiniteQueryOptions({
    queryKey: keys.queue(filter),
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const page = await ask<QueuePage>("GET", BASE, {
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
      queryClient.setQueryData<QueueCounts>(keys.counts, page.counts);
      return page;
    },
    getNextPageParam: (page) => page.next,
  });
}

export const countsQuery = queryOptions({
  queryKey: keys.counts,
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async () => (await ask<QueuePage>("GET", BASE, { query: { limit: 1 } })).counts,
});

export function conversationQuery(id: string) {
  return queryOptions({
    queryKey: keys.conversation(id),
    queryFn: ({ signal }) => ask<ConversationView>("GET", `${BASE}/${id}`, { signal }),
  });
}

export function messagesQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: keys.messages(id),
    initialPageParam: null as number | null,
    queryFn: ({ pageParam, signal }) =>
      ask<MessagePage>("GET", `${BASE}/${id}/messages`, {
        signal,
        query: { before: pageParam, limit: PAGE },
      }),
    getNextPageParam: (page) => (page.more ? (page.items[0]?.seq ?? null) : null),
  });
}

export const labelsQuery = queryOptions({
  queryKey: keys.labels,
  queryFn: () => ask<LabelView[]>("GET", "/api/v1/labels"),
});

export const stickersQuery = queryOptions({
  queryKey: keys.stickers,
  queryFn: () => ask<StickerView[]>("GET", "/api/v1/stickers"),
});

export const assign = (id: string, operatorId: string | null) =>
  ask<QueueRow>("POST", `${BASE}/${id}/assign`, { body: { operator_id: operatorId } });
export const resolve = (id: string) => ask<QueueRow>("POST", `${BASE}/${id}/resolve`);
export const reopen = (id: string) => ask<QueueRow>("POST", `${BASE}/${id}/reopen`);
export const markRead = (id: string, seq: number) =>
  ask<QueueRow>("POST", `${BASE}/${id}/read`, { body: { seq } });
export const putLabels = (id: string, labelIds: string[]) =>
  ask<QueueRow>("PUT", `${BASE}/${id}/labels`, { body: { label_ids: labelIds } });

export const createLabel = (title: string, color: string) =>
  ask<LabelView>("POST", "/api/v1/labels", { body: { title, color } });
export const changeLabel = (id: string, change: { title: string; color: string }) =>
  ask<LabelView>("PATCH", `/api/v1/labels/${id}`, { body: change });
export const deleteLabel = (id: string) => ask<void>("DELETE", `/api/v1/labels/${id}`);

export const editMessage = (id: string, text: string, entities: Entity[]) =>
  ask<MessageView>("PATCH", `/api/v1/messages/${id}`, { body: { text, entities } });
export const deleteMessage = (id: string) => ask<MessageView>("DELETE", `/api/v1/messages/${id}`);
export const retryMessage = (id: string) =>
  ask<MessageView>("POST", `/api/v1/messages/${id}/retry`);
export const settleMessage = (id: string) =>
  ask<MessageView>("POST", `/api/v1/messages/${id}/settle`);
export const react = (id: string, emoji: string) =>
  ask<MessageView>("PUT", `/api/v1/messages/${id}/reaction`, { body: { emoji } });

/** Where a stored file's bytes are; `download` asks the browser to save them. */
export function fileAddress(fileId: string, download = false): string {
  return `/api/v1/files/${fileId}${download ? "?download=1" : ""}`;
}
