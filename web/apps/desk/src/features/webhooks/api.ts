/** What webhooks ask of the server. */
import { ask, type EventKind } from "@otklik/client";
import { queryOptions } from "@tanstack/react-query";
import { keys } from "../../shell/keys.ts";

const BASE = "/api/v1/webhooks";

export const EVENT_KINDS: readonly EventKind[] = [
  "message.created",
  "message.changed",
  "message.state",
  "conversation.changed",
  "contact.changed",
  "inbox.changed",
  "label.changed",
];

export const webhooksQuery = queryOptions({
  queryKey: keys.webhooks,
  queryFn: () => ask("GET", BASE),
});

export function attemptsQuery(id: string) {
  return queryOptions({
    queryKey: keys.attempts(id),
    queryFn: () => ask("GET", `${BASE}/{endpoint_id}/attempts`, { path: { endpoint_id: id } }),
  });
}

export const makeWebhook = (url: string, events: EventKind[]) =>
  ask("POST", BASE, { body: { url, events } });
export const switchWebhook = (id: string, state: "active" | "paused") =>
  ask("PATCH", `${BASE}/{endpoint_id}`, { path: { endpoint_id: id }, body: { state } });
export const deleteWebhook = (id: string) =>
  ask("DELETE", `${BASE}/{endpoint_id}`, { path: { endpoint_id: id } });
export const rotateSecret = (id: string) =>
  ask("POST", `${BASE}/{endpoint_id}/rotate`, { path: { endpoint_id: id } });
export const replayAttempt = (id: string) =>
  ask("POST", `${BASE}/attempts/{attempt_id}/replay`, { path: { attempt_id: id } });
