/** What inboxes ask of the server. */
import { ask, type InboxState, type InboxView } from "@otklik/client";
import { queryOptions } from "@tanstack/react-query";
import { keys } from "../../shell/keys.ts";
import { queryClient } from "../../shell/live.ts";

export const inboxesQuery = queryOptions({
  queryKey: keys.inboxes,
  queryFn: () => ask<InboxView[]>("GET", "/api/v1/inboxes"),
});

export interface NewInbox {
  channel: string;
  title?: string;
  settings: Record<string, string>;
  secrets: Record<string, string>;
}

export interface InboxChange {
  title?: string;
  settings?: Record<string, string>;
  secrets?: Record<string, string>;
  state?: InboxState;
}

async function refreshed<T>(work: Promise<T>): Promise<T> {
  const answer = await work;
  await queryClient.invalidateQueries({ queryKey: keys.inboxes });
  return answer;
}

export const connectInbox = (inbox: NewInbox) =>
  refreshed(ask<InboxView>("POST", "/api/v1/inboxes", { body: inbox }));
export const changeInbox = (id: string, change: InboxChange) =>
  refreshed(ask<InboxView>("PATCH", `/api/v1/inboxes/${id}`, { body: change }));
export const removeInbox = (id: string) => refreshed(ask<void>("DELETE", `/api/v1/inboxes/${id}`));
