/** Who might be the same person: an operator says yes or no. */
import { Button } from "@mantine/core";
import type { ProposalView } from "@otklik/client";
import { ChannelMark } from "@otklik/ui";
import { nameOf } from "../../../shell/naming.ts";
import { preference } from "../../../shell/preferences.ts";
import { t } from "../../../shell/words.ts";
import { acceptProposal, refuseProposal, useProposals } from "../api.ts";
import css from "./contact-pane.module.css";
import { useDeed } from "./deed.ts";

export function Proposals({ contactId }: { contactId: string }) {
  const { data: proposals = [] } = useProposals(contactId);
  if (proposals.length === 0) return null;
  return (
    <section className={css.section}>
      <h2 className={css.title}>{t("contact.isSamePerson")}</h2>
      <ul className={css.list}>
        {proposals.map((proposal) => (
          <Proposal key={proposal.contact_id} contactId={contactId} proposal={proposal} />
        ))}
      </ul>
    </section>
  );
}

function Proposal({ contactId, proposal }: { contactId: string; proposal: ProposalView }) {
  const { act, busy, error } = useDeed();
  const other = proposal.contact_id;
  return (
    <li className={css.reason}>
      <span className={css.address}>
        {proposal.channels.map((channel) => (
          <ChannelMark key={channel} channel={channel} size={20} title={channel} />
        ))}
        <span className={css.name}>{nameOf(proposal.name, other)}</span>
      </span>
      <span className={css.fine}>
        {preference("locale") === "ru" ? proposal.why_ru : proposal.why_en}
      </span>
      {error ? <span role="alert">{error}</span> : null}
      <span className={css.address}>
        <Button
          size="compact-xs"
          loading={busy}
          onClick={() => act(() => acceptProposal(contactId, other))}
        >
          {t("contact.accept")}
        </Button>
        <Button
          variant="default"
          size="compact-xs"
          disabled={busy}
          onClick={() => act(() => refuseProposal(contactId, other))}
        >
          {t("contact.refuse")}
        </Button>
      </span>
    </li>
  );
}
