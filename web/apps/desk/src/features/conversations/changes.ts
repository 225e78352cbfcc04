/** Changes of a conversation: shown at once, taken back when the server refuses. */
import type { ConversationView, MessageView, QueueRow } from "@otklik/client";
import { toast } from "@otklik/ui";
import type { DeskEvent } from "@otklik/wire";
import { tellFailure } from "../../shell/failure.ts";
import { keys } from "../../shell/keys.ts";
import { live, queryClient } from "../../shell/live.ts";
import { t } from "../../shell/words.ts";
import * as api from "./api.ts";

/** Show a row in every list as if the server had announced it. */
function show(row: QueueRow): void {
  const opened = queryClient.getQueryData<ConversationView>(keys.conversation(row.id));
  const event: DeskEvent = {
    // After everything a snapshot may hold, but before nothing: the real event replaces it.
    seq: Number.MAX_SAFE_INTEGER,
    kind: "conversation.changed",
    conversation_id: row.id,
    contact_id: row.contact_id,
    at: Date.now(),
    body: row,
  };
  live.preview(event);
  if (opened) queryClient.setQueryData(keys.conversation(row.id), { ...opened, row });
}

/** The last change under way of each conversation: a quick second one must not overtake it. */
const underWay = new Map<string, Promise<QueueRow>>();

async function change(id: string, guess: Partial<QueueRow>, act: () => Promise<QueueRow>) {
  const before = live.row(id);
  if (before) show({ ...before, ...guess });
  const turn = (underWay.get(id) ?? Promise.resolve()).then(act, act);
  underWay.set(id, turn);
  try {
    const row = await turn;
    if (underWay.get(id) === turn) show(row); // an earlier answer says less than the later guess
  } catch (error) {
    if (before) show(before);
    tellFailure(error);
    throw error;
  } finally {
    if (underWay.get(id) === turn) underWay.delete(id);
  }
}

/** Give a conversation to an operator, or to nobody. */
export function assign(id: string, operatorId: string | null): Promise<void> {
  return change(id, { operator_id: operatorId }, () => api.assign(id, operatorId));
}

/** End a conversation, with a way back for six seconds. */
export async function resolve(id: string): Promise<void> {
  const guess = { state: "resolved", waiting_since: null, unread: 0 } as const;
  await change(id, guess, () => api.resolve(id));
  toast({
    text: t("conversation.resolvedToast"),
    action: { label: t("action.undo"), run: () => void reopen(id) },
  });
}

/** Put a conversation back into the queue. */
export function reopen(id: string): Promise<void> {
  return change(id, { state: "open", resolved_at: null }, () => api.reopen(id));
}

/** Set the labels of a conversation. */
export function setLabels(id: string, labelIds: string[]): Promise<void> {
  return change(id, { label_ids: labelIds }, () => api.putLabels(id, labelIds));
}

/** Tell that the timeline was seen up to a number. */
export async function markRead(row: QueueRow): Promise<void> {
  await change(row.id, { unread: 0 }, () => api.markRead(row.id, row.last_seq));
}

/** Put a message the server answered with into the timeline. */
export function showMessage(message: MessageView): void {
  live.preview({
    seq: Number.MAX_SAFE_INTEGER,
    kind: "message.changed",
    conversation_id: message.conversation_id,
    contact_id: message.contact_id,
    at: Date.now(),
    body: message,
  });
}
