/** The contact beside the thread: who they are, where they can be reached, where they came from. */
import type { ConversationView, IdentityView } from "@otklik/client";
import { ChannelMark, Face } from "@otklik/ui";
import { channelTitle, nameOf, pictureOf } from "../../../shell/naming.ts";
import { useNow } from "../../../shell/now.ts";
import { brief, moment } from "../../../shell/time.ts";
import { isWord, t } from "../../../shell/words.ts";
import { changeContact } from "../api.ts";
import css from "./contact-pane.module.css";
import { Editable } from "./editable.tsx";
import { Proposals } from "./proposals.tsx";
import { SamePerson } from "./same-person.tsx";
import { Touchpoints } from "./touchpoints.tsx";

export function ContactPane({ view }: { view: ConversationView }) {
  const { contact, row } = view;
  const save = (field: "name" | "phone" | "email" | "remark") => (value: string) =>
    changeContact(row.id, contact.id, { [field]: value });
  return (
    <div className={css.pane}>
      <div className={css.top}>
        <Face
          name={nameOf(contact.name, contact.id)}
          seed={contact.id}
          picture={pictureOf(contact.identities.find((one) => one.picture_id)?.picture_id)}
          size={64}
        />
        <Editable
          label={t("contact.name")}
          value={contact.name}
          empty={nameOf("", contact.id)}
          big
          onSave={save("name")}
        />
        <p className={css.since}>
          {t("contact.known", { when: moment(contact.created_at, "dayYear") })}
        </p>
      </div>
      <section className={css.section}>
        <Editable
          label={t("contact.phone")}
          value={contact.phone}
          empty={t("contact.addPhone")}
          hint={evidence(contact.phone_evidence, contact.phone)}
          type="tel"
          onSave={save("phone")}
        />
        <Editable
          label={t("contact.email")}
          value={contact.email}
          empty={t("contact.addEmail")}
          hint={evidence(contact.email_evidence, contact.email)}
          type="email"
          onSave={save("email")}
        />
      </section>
      <section className={css.section}>
        <h2 className={css.title}>{t("contact.addresses")}</h2>
        <ul className={css.list}>
          {contact.identities.map((identity) => (
            <Address
              key={identity.id}
              identity={identity}
              inbox={view.limits[identity.inbox_id]?.title ?? ""}
            />
          ))}
        </ul>
      </section>
      <SamePerson contact={contact} />
      <Proposals contactId={contact.id} />
      <section className={css.section}>
        <Editable
          label={t("contact.remark")}
          value={contact.remark}
          empty={t("contact.remarkPlaceholder")}
          rows={3}
          onSave={save("remark")}
        />
      </section>
      <section className={css.section}>
        <h2 className={css.title}>{t("contact.touchpoints")}</h2>
        <Touchpoints touchpoints={contact.touchpoints} />
      </section>
    </div>
  );
}

function evidence(kind: string, value: string): string {
  const key = `contact.evidence.${kind}`;
  return value && isWord(key) ? t(key) : "";
}

function Address({ identity, inbox }: { identity: IdentityView; inbox: string }) {
  const now = useNow();
  const site = ["widget", "app", "webpush"].includes(identity.channel);
  const own = identity.username ? `@${identity.username}` : identity.name;
  // A visitor of a site, an app or its pushes has an address only our machine can read.
  const name = own || (site ? "" : identity.external_id);
  const proof = site && identity.evidence === "channel" ? "anonymous" : identity.evidence;
  return (
    <li className={css.address}>
      <ChannelMark channel={identity.channel} size={20} title={channelTitle(identity.channel)} />
      <span className={css.about}>
        <span className={css.name}>{[inbox, name].filter(Boolean).join(" · ")}</span>
        <span className={css.fine}>
          {identity.reachable ? (
            identity.seen_at === null ? (
              t("contact.reachable")
            ) : (
              t("contact.seen", { when: brief(identity.seen_at, now) })
            )
          ) : (
            <b className={css.blocked}>{t("contact.blocked")}</b>
          )}
          {` · ${evidence(proof, "known")}`}
        </span>
      </span>
    </li>
  );
}
