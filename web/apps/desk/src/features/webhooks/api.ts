/** What webhooks ask of the server. */
import { ask, type WebhookAttempt, type WebhookView } from "@otklik/client";
import { queryOptions } from "@tanstack/react-query";
import { keys } from "../../shell/keys.ts";

const BASE = "/api/v1/webhooks";

export const EVENT_KINDS = [
  "message.created",
  "message.changed",
  "message.state",
  "conversation.changed",
  "contact.changed",
  "inbox.changed",
  "label.changed",
] as const;

export const webhooksQuery = queryOptions({
  queryKey: keys.webhooks,
  queryFn: () => ask<WebhookView[]>("GET", BASE),
});

export function attemptsQuery(id: string) {
  return queryOptions({
    queryKey: keys.attempts(id),
    queryFn: () => ask<WebhookAttempt[]>("GET", `${BASE}/${id}/attempts`),
  });
}

type Made = WebhookView & { secret: string };

export const makeWebhook = (url: string, events: string[]) =>
  ask<Made>("POST", BASE, { body: { url, events } });
export const switchWebhook = (id: string, state: "active" | "paused") =>
  ask<WebhookView>("PATCH", `${BASE}/${id}`, { body: { state } });
export const deleteWebhook = (id: string) => ask<void>("DELETE", `${BASE}/${id}`);
export const rotateSecret = (id: string) => ask<Made>("POST", `${BASE}/${id}/rotate`);
export const replayAttempt = (id: string) =>
  ask<WebhookAttempt>("POST", `${BASE}/attempts/${id}/replay`);
