/** Why several addresses are one person; each reason can be taken away in one click. */
import { Button } from "@mantine/core";
import type { ContactView, LinkView } from "@otklik/client";
import { channelTitle } from "../../../shell/naming.ts";
import { preference } from "../../../shell/preferences.ts";
import { t } from "../../../shell/words.ts";
import { splitContact } from "../api.ts";
import css from "./contact-pane.module.css";
import { useDeed } from "./deed.ts";

export function SamePerson({ contact }: { contact: ContactView }) {
  if (contact.links.length === 0) return null;
  return (
    <section className={css.section}>
      <h2 className={css.title}>{t("contact.samePerson")}</h2>
      <ul className={css.list}>
        {contact.links.map((link) => (
          <Link key={link.id} link={link} contact={contact} />
        ))}
      </ul>
    </section>
  );
}

function Link({ link, contact }: { link: LinkView; contact: ContactView }) {
  const { act, busy, error } = useDeed();
  const one = nameAt(contact, link.other_id);
  const other = nameAt(contact, link.identity_id);
  return (
    <li className={css.reason}>
      <span className={css.name}>
        {one} — {other}
      </span>
      <span className={css.fine}>{preference("locale") === "ru" ? link.why_ru : link.why_en}</span>
      {error ? <span role="alert">{error}</span> : null}
      <Button
        variant="default"
        size="compact-xs"
        loading={busy}
        aria-label={t("contact.splitLabel", { one, other })}
        onClick={() => act(() => splitContact(contact.id, link.id))}
      >
        {t("contact.split")}
      </Button>
    </li>
  );
}

function nameAt(contact: ContactView, identityId: string): string {
  const identity = contact.identities.find((one) => one.id === identityId);
  // An address that has left since is named by the contact it leads to.
  if (!identity) return contact.name;
  return [channelTitle(identity.channel), identity.name || identity.username]
    .filter(Boolean)
    .join(" · ");
}
