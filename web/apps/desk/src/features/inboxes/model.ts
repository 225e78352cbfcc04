/** Channels and inboxes in words: titles, guides, states, errors. */
import type { ChannelView, GuideField, InboxView } from "@otklik/client";
import { preference } from "../../shell/preferences.ts";
import { isWord, t } from "../../shell/words.ts";

/** What stands in both languages, in the operator's own. */
export function inOwnWords(both: { en: string; ru: string }): string {
  return preference("locale") === "ru" ? both.ru : both.en;
}

/** What a field of a guide expects. */
export function hintOf(field: GuideField): string {
  return (preference("locale") === "ru" ? field.hint_ru : field.hint_en) ?? "";
}

/** Most businesses look for these first; what is not named here comes last. */
const SOUGHT = [
  ...["widget", "telegram", "vk", "max", "ok", "whatsapp", "viber", "instagram", "messenger"],
  ...["email", "webpush", "app"],
];

/** The site chat, the channels of the operator's own country, then the others. */
export function inOrder(channels: readonly ChannelView[]): ChannelView[] {
  const own = preference("locale") === "ru" ? "ru" : "world";
  const rank = ({ id, region }: ChannelView) => {
    const sought = SOUGHT.includes(id) ? SOUGHT.indexOf(id) : SOUGHT.length;
    return id === "widget" ? -1 : sought + (region === own ? 0 : 2 * SOUGHT.length);
  };
  return [...channels].sort((one, other) => rank(one) - rank(other));
}

/** Fill `{address}` and `{verify_token}` of a step; a step is cut at them, so that each can be copied. */
export function pieces(text: string, values: Record<string, string>): Piece[] {
  return text
    .split(/(\{\w+\})/)
    .filter((part) => part !== "")
    .map((part) => {
      const value = /^\{\w+\}$/.test(part) ? values[part.slice(1, -1)] : undefined;
      return value ? { text: value, copied: true } : { text: part, copied: false };
    });
}

export interface Piece {
  text: string;
  /** It is to be pasted somewhere. */
  copied: boolean;
}

/** Why a platform refused, in the channel's own sentence and with its remedy; none when unknown. */
export function explained(
  channels: readonly ChannelView[] | undefined,
  channel: string,
  code: string,
): { why: string; remedy: string } | undefined {
  const errors = channels?.find((one) => one.id === channel)?.errors;
  const known = errors?.find((one) => one.code === code);
  if (!known) return undefined;
  const remedy = preference("locale") === "ru" ? known.remedy_ru : known.remedy_en;
  return { why: inOwnWords(known), remedy };
}

/** What to do about an inbox that needs attention. */
export function remedyOf(reason: string): string {
  const key = `inbox.remedy.${reason}`;
  return isWord(key) ? t(key) : reason || t("inbox.remedy.other");
}

/** The one line a site needs. */
export function snippetOf(inbox: InboxView, origin: string): string {
  const { color } = inbox.settings;
  // Without it the button wears our colour until its frame has loaded.
  const worn = color && /^#[0-9a-f]{6}$/i.test(color) ? ` data-color="${color}"` : "";
  return `<script src="${origin}/widget.js" data-inbox="${inbox.public_key}"${worn} async></script>`;
}
