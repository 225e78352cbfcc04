/** From what stands in the reply box to a message on its way. */
import type { ConversationView, NewMessage, ReplyLimits } from "@otklik/client";
import { useEffect, useEffectEvent, useState } from "react";
import { tellFailure } from "../../../../shell/failure.ts";
import { useMe } from "../../../../shell/session.ts";
import { editMessage } from "../../api.ts";
import type { Attachments } from "../../attachments.ts";
import { showMessage } from "../../changes.ts";
import { draftOf, keepDraft } from "../../drafts.ts";
import { readFormatting, writeFormatting } from "../../formatting.ts";
import { roomFor } from "../../limits.ts";
import { outbox } from "../../outbox.ts";
import { useThread } from "../thread-context.tsx";
import type { TemplateWish } from "./closed-window.tsx";
import type { RouteChoice } from "./route-switch.tsx";

interface Box {
  view: ConversationView;
  text: string;
  setText: (text: string) => void;
  note: boolean;
  route: RouteChoice | undefined;
  attachments: Attachments;
  /** The address the operator chose; without a choice the server takes the last one used. */
  chosen: string | undefined;
  limits: ReplyLimits | undefined;
}

export interface Sending {
  ready: boolean;
  send: () => void;
  sticker: (messageId: string) => void;
  template: (wish: TemplateWish) => void;
}

export function useSending(box: Box): Sending {
  const { view, text, setText, note, attachments, chosen, limits } = box;
  const { replyTo, setReplyTo, editing, setEditing } = useThread();
  const me = useMe();
  const [saving, setSaving] = useState(false);
  const id = view.row.id;
  useEditedText(setText, id);
  const stored = attachments.files.flatMap((file) => (file.stored ? [file.stored] : []));
  const something = text.trim() !== "" || (stored.length > 0 && !note && !editing);
  // A new answer that is too long goes as several; a sent one has only its own place.
  const fits = !(editing && roomFor(limits, text, false).over);
  const ready = something && fits && !attachments.busy && !saving;

  const put = (body: Omit<NewMessage, "client_id">, files: string[]) => {
    const whole: NewMessage = { client_id: crypto.randomUUID(), ...body };
    if (chosen && !note) whole.identity_id = chosen;
    if (replyTo && !note) whole.reply_to_id = replyTo.id;
    outbox.add({
      by: me.operator.id,
      conversationId: id,
      note,
      body: whole,
      at: Date.now(),
      files,
      refused: "",
    });
    setReplyTo(undefined);
  };
  const save = async () => {
    if (!editing) return;
    setSaving(true);
    try {
      const { text: plain, entities } = readFormatting(text.trim());
      showMessage(await editMessage(editing.id, plain, entities));
      setEditing(undefined);
    } catch (error) {
      tellFailure(error);
    } finally {
      setSaving(false);
    }
  };
  const send = () => {
    if (!ready) return;
    if (editing) {
      void save();
      return;
    }
    if (note) put({ text: text.trim() }, []);
    else {
      const formatted = readFormatting(text.trim());
      const files = stored.map((one) => one.file_id);
      const kind = stored[0]?.kind ?? "text";
      put(
        { kind, ...formatted, file_ids: files },
        stored.map((one) => one.name),
      );
      attachments.clear();
    }
    setText("");
    keepDraft(id, { text: "", note });
  };
  return {
    ready,
    send,
    sticker: (of) => put({ kind: "sticker", sticker_of: of }, []),
    template: ({ text: read, ...template }) => put({ text: read, template }, []),
  };
}

/** Editing takes the field over; afterwards the draft comes back. */
function useEditedText(setText: (text: string) => void, id: string): void {
  const { editing } = useThread();
  const fill = useEffectEvent((message: typeof editing) => {
    if (message) setText(writeFormatting(message.text, message.content.entities ?? []));
    else setText(draftOf(id)?.text ?? "");
  });
  useEffect(() => fill(editing), [editing]);
}
