/** The reply box: reply or note, where it goes, how much room is left. */
import type { ConversationView } from "@otklik/client";
import { useState } from "react";
import { useCommand } from "../../../../shell/keymap.ts";
import { t } from "../../../../shell/words.ts";
import type { Attachments } from "../../attachments.ts";
import { draftOf } from "../../drafts.ts";
import { roomFor } from "../../limits.ts";
import { useThread } from "../thread-context.tsx";
import { Above } from "./above.tsx";
import { ChosenFiles } from "./chosen-files.tsx";
import css from "./composer.module.css";
import { Field } from "./field.tsx";
import { addressesOf, type RouteChoice, RouteSwitch } from "./route-switch.tsx";
import { Tools } from "./tools.tsx";
import { useFieldFocus } from "./use-field-focus.ts";
import { useSending } from "./use-sending.ts";

export function Composer({
  view,
  attachments,
}: {
  view: ConversationView;
  attachments: Attachments;
}) {
  const { row } = view;
  const { editing } = useThread();
  const draft = draftOf(row.id);
  const [note, setNote] = useState(draft?.note ?? false);
  const [text, setText] = useState(draft?.text ?? "");
  const [chosen, setChosen] = useState<string>();
  const route = pick(view, chosen);
  const field = useFieldFocus();
  const mode = editing ? editing.kind === "note" : note;
  const sending = useSending({ view, text, setText, note: mode, route, attachments, chosen });
  const switchTo = (next: boolean) => {
    setNote(next);
    field.focus();
  };
  useCommand("reply", () => switchTo(false));
  useCommand("note", () => switchTo(true));
  const files = attachments.files.length > 0;
  const limits = mode || !route ? undefined : view.limits[route.inboxId];
  const room = roomFor(limits, text, files);
  const silent = !(mode || route?.reachable);
  return (
    <div className={css.composer} data-note={mode}>
      <div className={css.tabs}>
        <div role="tablist" aria-label={t("composer.mode")}>
          <Tab on={!mode} label={t("composer.reply")} onPick={() => switchTo(false)} />
          <Tab on={mode} label={t("composer.note")} onPick={() => switchTo(true)} />
        </div>
        <span className={css.where}>
          {mode ? (
            <span className={css.private}>{t("composer.private")}</span>
          ) : (
            <RouteSwitch view={view} route={route} onChoose={setChosen} />
          )}
        </span>
      </div>
      <Above />
      <ChosenFiles attachments={attachments} />
      {silent ? <p className={css.silent}>{t("composer.unreachable")}</p> : null}
      <Field
        ref={field.ref}
        id={row.id}
        text={text}
        note={mode}
        onText={setText}
        onSend={sending.send}
        onFiles={attachments.add}
      />
      <Tools
        adds={limits?.sends ?? []}
        note={mode}
        room={room}
        canSend={sending.ready && !room.over && !silent}
        onSend={sending.send}
        onFiles={attachments.add}
        onEmoji={field.insert}
        onSticker={sending.sticker}
      />
    </div>
  );
}

function Tab({ on, label, onPick }: { on: boolean; label: string; onPick: () => void }) {
  return (
    <button type="button" role="tab" aria-selected={on} className={css.tab} onClick={onPick}>
      {label}
    </button>
  );
}

function pick(view: ConversationView, chosen: string | undefined): RouteChoice | undefined {
  const addresses = addressesOf(view);
  return addresses.find((one) => one.identityId === chosen) ?? addresses[0];
}
