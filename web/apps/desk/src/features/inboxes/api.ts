/** What inboxes ask of the server. */
import { ask, type InboxPatch, type NewInbox } from "@otklik/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { keys } from "../../shell/keys.ts";
import { queryClient } from "../../shell/live.ts";

const INBOX = "/api/v1/inboxes/{inbox_id}";

export const inboxesQuery = queryOptions({
  queryKey: keys.inboxes,
  queryFn: () => ask("GET", "/api/v1/inboxes"),
});

/** Every channel with its guide, limits and errors: part of the program, so it never ages. */
export const channelsQuery = queryOptions({
  queryKey: keys.channels,
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: () => ask("GET", "/api/v1/channels"),
});

export const failureQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.inbox(id), "failure"],
    queryFn: () => ask("GET", `${INBOX}/failure`, { path: { inbox_id: id } }),
  });

export const newsQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.inbox(id), "news"],
    queryFn: () => ask("GET", `${INBOX}/news`, { path: { inbox_id: id } }),
  });

/** What a platform wants pasted by hand. */
export const handoverQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.inbox(id), "handover"],
    queryFn: () => ask("GET", `${INBOX}/handover`, { path: { inbox_id: id } }),
  });

/** A link that opens the chat, and its QR code. */
export const linkQuery = (id: string, payload: string) =>
  queryOptions({
    queryKey: [...keys.inbox(id), "link", payload],
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: () => ask("GET", `${INBOX}/link`, { path: { inbox_id: id }, query: { payload } }),
  });

/** Messages the platform approved beforehand. */
export const templatesQuery = (id: string) =>
  queryOptions({
    queryKey: keys.templates(id),
    queryFn: () => ask("GET", `${INBOX}/templates`, { path: { inbox_id: id } }),
  });

async function refreshed<T>(work: Promise<T>): Promise<T> {
  const answer = await work;
  await queryClient.invalidateQueries({ queryKey: keys.inboxes });
  return answer;
}

export const connectInbox = (inbox: NewInbox) =>
  refreshed(ask("POST", "/api/v1/inboxes", { body: inbox }));
export const changeInbox = (id: string, change: InboxPatch) =>
  refreshed(ask("PATCH", "/api/v1/inboxes/{inbox_id}", { path: { inbox_id: id }, body: change }));
export const renewIdentitySecret = (id: string) =>
  refreshed(ask("POST", `${INBOX}/identity-secret`, { path: { inbox_id: id } }));
export const removeInbox = (id: string) =>
  refreshed(ask("DELETE", "/api/v1/inboxes/{inbox_id}", { path: { inbox_id: id } }));

/** List an inbox's templates at the platform anew. */
export async function syncTemplates(id: string): Promise<number> {
  const known = await ask("POST", `${INBOX}/templates/sync`, { path: { inbox_id: id } });
  queryClient.setQueryData(keys.templates(id), known);
  return known.length;
}
