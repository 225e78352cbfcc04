"""Consents: what an address was allowed to get, kept with that address and never widened."""

from sqlalchemy import Connection

from otklik.contacts import store
from otklik.contacts.service import announce_by_id
from otklik.contacts.types import ConsentView, Person, Purpose
from otklik.events.api import Ledger
from otklik.kernel.ids import IdentityId
from otklik.kernel.text import storable
from otklik.ports.channel import ConsentReported

_WORDING_LIMIT = 2000


def take(known: ConsentView | None, heard: ConsentView) -> ConsentView:
    """Give what holds after one more word: the later one; of two at one moment the refusal."""
    if known is None or heard.at > known.at:
        return heard
    return heard if heard.at == known.at and not heard.granted else known


def allows(consents: list[ConsentView], identity_id: str, purpose: Purpose) -> bool:
    """Tell whether an address may be written to for a purpose.

    Only its own word counts: that another address of the same person allowed it allows nothing.
    """
    mine = [c for c in consents if c.identity_id == identity_id and c.purpose == purpose]
    return bool(mine) and all(consent.granted for consent in mine)


def record(
    connection: Connection, ledger: Ledger, person: Person, said: ConsentReported, now: int
) -> None:
    """Store what a person said at one address, and tell."""
    heard = ConsentView(
        identity_id=IdentityId(person.identity_id),
        purpose=said.purpose,
        granted=said.granted,
        at=said.at or now,
        wording=storable(said.wording[:_WORDING_LIMIT]),
        source=person.channel,
    )
    found = store.consents_of(connection, person.account_id, [person.identity_id])
    known = next((one for one in found if one.purpose == said.purpose), None)
    holds = take(known, heard)
    if holds != known:
        store.save_consent(connection, person.account_id, holds)
        announce_by_id(connection, ledger, person.account_id, person.contact_id, now)
