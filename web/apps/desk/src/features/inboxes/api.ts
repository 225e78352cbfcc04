/** What inboxes ask of the server. */
import { ask, type InboxPatch, type NewInbox } from "@otklik/client";
import { queryOptions } from "@tanstack/react-query";
import { keys } from "../../shell/keys.ts";
import { queryClient } from "../../shell/live.ts";

export const inboxesQuery = queryOptions({
  queryKey: keys.inboxes,
  queryFn: () => ask("GET", "/api/v1/inboxes"),
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
  refreshed(ask("POST", "/api/v1/inboxes/{inbox_id}/identity-secret", { path: { inbox_id: id } }));
export const removeInbox = (id: string) =>
  refreshed(ask("DELETE", "/api/v1/inboxes/{inbox_id}", { path: { inbox_id: id } }));
