/** What contacts ask of the server. */
import { ask, type ContactPatch, type ConversationView } from "@otklik/client";
import type { DeskEvent } from "@otklik/wire";
import { keys } from "../../shell/keys.ts";
import { live, queryClient } from "../../shell/live.ts";

/** Change a contact and show the answer everywhere. */
export async function changeContact(
  conversationId: string,
  id: string,
  patch: ContactPatch,
): Promise<void> {
  const contact = await ask("PATCH", "/api/v1/contacts/{contact_id}", {
    path: { contact_id: id },
    body: patch,
  });
  const event: DeskEvent = {
    seq: Number.MAX_SAFE_INTEGER,
    kind: "contact.changed",
    conversation_id: conversationId,
    contact_id: id,
    at: Date.now(),
    body: contact,
  };
  live.preview(event);
  queryClient.setQueryData<ConversationView>(keys.conversation(conversationId), (old) =>
    old ? { ...old, contact } : old,
  );
}
