/** The reply box: reply or note, where it goes, how much room and time is left. */
import type { ConversationView } from "@otklik/client";
import { type ReactNode, useState } from "react";
import { useCommand } from "../../../../shell/keymap.ts";
import { useNow } from "../../../../shell/now.ts";
import { t } from "../../../../shell/words.ts";
import type { Attachments } from "../../attachments.ts";
import { draftOf } from "../../drafts.ts";
import { roomFor } from "../../limits.ts";
import { type Standing, standingOf } from "../../reply-window.ts";
import { useThread } from "../thread-context.tsx";
import { Above } from "./above.tsx";
import { ChosenFiles } from "./chosen-files.tsx";
import { ClosedWindow } from "./closed-window.tsx";
import css from "./composer.module.css";
import { Field } from "./field.tsx";
import { FitPreview } from "./fit-preview.tsx";
import { addressesOf, type RouteChoice, RouteSwitch } from "./route-switch.tsx";
import { Tools } from "./tools.tsx";
import { useFieldFocus } from "./use-field-focus.ts";
import { useFit } from "./use-fit.ts";
import { useSending } from "./use-sending.ts";
import { WindowLine } from "./window-line.tsx";

export function Composer({
  view,
  attachments,
}: {
  view: ConversationView;
  attachments: Attachments;
}) {
  const { row } = view;
  const { editing, replyTo } = useThread();
  const draft = draftOf(row.id);
  const [note, setNote] = useState(draft?.note ?? false);
  const [text, setText] = useState(draft?.text ?? "");
  const [chosen, setChosen] = useState<string>();
  const field = useFieldFocus();
  const mode = editing ? editing.kind === "note" : note;
  const where = useWhere(view, chosen, mode);
  const { route, limits } = where;
  const sending = useSending({
    view,
    text,
    setText,
    note: mode,
    route,
    attachments,
    chosen,
    limits,
  });
  const switchTo = (next: boolean) => {
    setNote(next);
    field.focus();
  };
  useCommand("reply", () => switchTo(false));
  useCommand("note", () => switchTo(true));
  const files = attachments.files.flatMap((file) => (file.stored ? [file.stored] : []));
  const room = roomFor(limits, text, attachments.files.length > 0);
  const preview = useFit({
    id: row.id,
    limits: editing ? undefined : limits,
    text,
    files,
    replyTo: replyTo?.id,
    identityId: chosen,
  });
  const late = where.way === "late" && !editing;
  return (
    <div className={css.composer} data-note={mode}>
      <div className={css.tabs}>
        <div role="tablist" aria-label={t("composer.mode")}>
          <Tab on={!mode} label={t("composer.reply")} onPick={() => switchTo(false)} />
          <Tab on={mode} label={t("composer.note")} onPick={() => switchTo(true)} />
        </div>
        <Where note={mode} standing={where.standing} now={where.now}>
          <RouteSwitch view={view} route={route} onChoose={setChosen} />
        </Where>
      </div>
      <Above />
      <ChosenFiles attachments={attachments} />
      {where.way === "silent" ? <p className={css.silent}>{t("composer.unreachable")}</p> : null}
      {late && route ? (
        <ClosedWindow
          route={route}
          templates={limits?.features.includes("template") ?? false}
          others={where.others}
          onChoose={setChosen}
          onTemplate={sending.template}
        />
      ) : (
        <>
          <FitPreview preview={preview} channel={route?.channel ?? ""} />
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
            adds={limits?.sends ?? NOTHING}
            note={mode}
            room={room}
            parts={preview?.parts.length ?? 1}
            canSend={sending.ready && where.way !== "silent"}
            onSend={sending.send}
            onFiles={attachments.add}
            onEmoji={field.insert}
            onSticker={sending.sticker}
          />
        </>
      )}
    </div>
  );
}

const NOTHING: readonly string[] = [];

interface WhereProps {
  note: boolean;
  standing: Standing;
  now: number;
  children: ReactNode;
}

function Where({ note, standing, now, children }: WhereProps) {
  return (
    <span className={css.where}>
      {note ? (
        <span className={css.private}>{t("composer.private")}</span>
      ) : (
        <>
          <WindowLine standing={standing} now={now} />
          {children}
        </>
      )}
    </span>
  );
}

function Tab({ on, label, onPick }: { on: boolean; label: string; onPick: () => void }) {
  return (
    <button type="button" role="tab" aria-selected={on} className={css.tab} onClick={onPick}>
      {label}
    </button>
  );
}

/** Where the answer goes, whether it can go there now, and where else it may go. */
function useWhere(view: ConversationView, chosen: string | undefined, note: boolean) {
  const now = useNow();
  const addresses = addressesOf(view);
  const route = addresses.find((one) => one.identityId === chosen) ?? addresses[0];
  const standingAt = (one: RouteChoice) =>
    standingOf(view.limits[one.inboxId]?.window, one.windowUntil, now);
  const others = addresses.filter(
    (one) => one !== route && one.reachable && standingAt(one).kind !== "closed",
  );
  const standing: Standing = route ? standingAt(route) : { kind: "always" };
  return {
    route,
    limits: note || !route ? undefined : view.limits[route.inboxId],
    standing,
    others,
    now,
    way: note ? "open" : wayOf(route, standing),
  };
}

/** Whether an answer can go: nobody is reached, the window is over, or it can. */
function wayOf(route: RouteChoice | undefined, standing: Standing): "silent" | "late" | "open" {
  if (!route?.reachable) return "silent";
  return standing.kind === "closed" ? "late" : "open";
}
