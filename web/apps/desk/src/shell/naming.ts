/** What to call somebody who gave no name. */
import { isWord, t } from "./words.ts";

/** The name, or «Гость 4F2A» from the contact's id: two nameless people must be told apart. */
export function nameOf(name: string, contactId: string): string {
  return name.trim() || t("contact.guest", { mark: contactId.slice(-4).toUpperCase() });
}

/** Where the picture of somebody is. */
export function pictureOf(fileId: string | null | undefined): string | undefined {
  return fileId ? `/api/v1/files/${fileId}` : undefined;
}

/** The name people know a channel by. */
export function channelTitle(channel: string): string {
  const key = `channel.${channel}`;
  return isWord(key) ? t(key) : channel;
}
