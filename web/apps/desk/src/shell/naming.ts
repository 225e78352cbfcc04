/** What to call somebody who gave no name. */
import { t } from "./words.ts";

/** The name, or «Гость 4F2A» from the contact's id: two nameless people must be told apart. */
export function nameOf(name: string, contactId: string): string {
  return name.trim() || t("contact.guest", { mark: contactId.slice(-4).toUpperCase() });
}
