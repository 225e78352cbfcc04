/** How far a message came. */
import type { MessageState } from "@otklik/client";
import {
  IconAlertCircle,
  IconCheck,
  IconChecks,
  IconClock,
  IconHelpCircle,
} from "@tabler/icons-react";
import { isWord, t } from "../../../shell/words.ts";
import css from "./ticks.module.css";

const ICONS = {
  queued: IconClock,
  sending: IconClock,
  sent: IconCheck,
  delivered: IconChecks,
  read: IconChecks,
  failed: IconAlertCircle,
  uncertain: IconHelpCircle,
} as const;

export function Ticks({ state }: { state: MessageState }) {
  if (state === "received") return null;
  const Icon = ICONS[state];
  const key = `state.${state}`;
  const word = isWord(key) ? t(key) : state;
  return (
    <span className={css.ticks} data-state={state} title={word} role="img" aria-label={word}>
      <Icon size={15} stroke={1.9} />
    </span>
  );
}
