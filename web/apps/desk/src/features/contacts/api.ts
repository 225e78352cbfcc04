/** What contacts ask of the server. */
import { ask, type ContactPatch, type ConversationView, type ProposalView } from "@otklik/client";
import type { DeskEvent } from "@otklik/wire";
import { useQuery } from "@tanstack/react-query";
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

/** Who might be the same person as a contact. */
export function useProposals(contactId: string) {
  return useQuery({
    queryKey: keys.proposals(contactId),
    queryFn: ({ signal }) =>
      ask("GET", "/api/v1/contacts/{contact_id}/proposals", {
        path: { contact_id: contactId },
        signal,
      }),
  });
}

/** Say that two contacts are one person; everything of both is read anew. */
export async function acceptProposal(contactId: string, otherId: string): Promise<void> {
  const path = { contact_id: contactId, other_id: otherId };
  await ask("POST", "/api/v1/contacts/{contact_id}/proposals/{other_id}/accept", { path });
  await readAnew();
}

/** Say that two contacts are different people. */
export async function refuseProposal(contactId: string, otherId: string): Promise<void> {
  const path = { contact_id: contactId, other_id: otherId };
  const left = await ask("POST", "/api/v1/contacts/{contact_id}/proposals/{other_id}/refuse", {
    path,
  });
  queryClient.setQueryData<ProposalView[]>(keys.proposals(contactId), left);
}

/** Take a link away: its two sides are different people. */
export async function splitContact(contactId: string, linkId: string): Promise<void> {
  await ask("POST", "/api/v1/contacts/{contact_id}/split", {
    path: { contact_id: contactId },
    body: { link_id: linkId },
  });
  await readAnew();
}

async function readAnew(): Promise<void> {
  const concerned = [["conversation"], ["messages"], ["queue"], ["proposals"]];
  await Promise.all(concerned.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}
