"""Contacts: shown, and told of when they change."""

import msgspec
from sqlalchemy import Connection

from otklik.contacts import evidence, store, wording
from otklik.contacts.types import (
    ContactView,
    IdentityView,
    LinkView,
    Person,
    TouchpointView,
)
from otklik.events.api import Ledger, Subject
from otklik.events.types import EventKind
from otklik.kernel.errors import NotFoundError
from otklik.kernel.ids import IdentityId
from otklik.kernel.text import storable

_TOUCHPOINTS_SHOWN = 20


def view(connection: Connection, account_id: str, contact_id: str) -> ContactView:
    """Show a contact, or who stands for them since a merge; raises `NotFoundError`."""
    row = store.contact(connection, account_id, contact_id)
    if row is not None and row.merged_into is not None:
        row = store.contact(connection, account_id, row.merged_into)
    if row is None:
        raise NotFoundError
    people = store.people_of_contacts(connection, account_id, [row.id])
    identity_ids = [person.identity_id for person in people]
    return ContactView(
        id=row.id,
        name=row.name,
        locale=row.locale,
        phone=row.phone,
        phone_evidence=row.phone_evidence,
        email=row.email,
        email_evidence=row.email_evidence,
        remark=row.remark,
        created_at=row.created_at,
        seen_at=row.seen_at,
        identities=[_identity_view(person) for person in people],
        touchpoints=[
            TouchpointView(
                id=touch.id,
                kind=touch.kind,
                source=touch.source,
                details=msgspec.json.decode(touch.details, type=dict[str, str]),
                inbox_id=touch.inbox_id,
                conversation_id=touch.conversation_id,
                at=touch.at,
            )
            for touch in store.touchpoints_of(connection, account_id, row.id, _TOUCHPOINTS_SHOWN)
        ],
        links=[
            _link_view(link) for link in store.active_links(connection, account_id, identity_ids)
        ],
        consents=store.consents_of(connection, account_id, identity_ids),
    )


def attest_phone(
    connection: Connection, ledger: Ledger, person: Person, phone: str, now: int
) -> None:
    """Store the phone a platform proved to be the person's own."""
    region = store.rules_of(connection, person.account_id).region
    values = {
        "phone": evidence.normal_phone(phone, region) or storable(phone),
        "phone_evidence": "attested",
    }
    store.change_contact(connection, person.account_id, person.contact_id, values)
    announce_by_id(connection, ledger, person.account_id, person.contact_id, now)


def set_reachable(
    connection: Connection, ledger: Ledger, person: Person, *, reachable: bool, now: int
) -> None:
    """Store whether a person's address takes messages, and tell."""
    store.set_reachable(connection, person.account_id, person.identity_id, reachable=reachable)
    announce_by_id(connection, ledger, person.account_id, person.contact_id, now)


def set_picture(
    connection: Connection,
    ledger: Ledger,
    account_id: str,
    identity_id: str,
    picture_id: str,
    now: int,
) -> None:
    """Store a person's face at one of their addresses, and tell."""
    person = store.person_of_identity(connection, account_id, identity_id)
    if person is None:
        return
    store.set_picture(connection, account_id, identity_id, picture_id)
    announce_by_id(connection, ledger, account_id, person.contact_id, now)


def announce_by_id(
    connection: Connection, ledger: Ledger, account_id: str, contact_id: str, now: int
) -> ContactView:
    """Tell that a contact changed; give what they look like now."""
    shown = view(connection, account_id, contact_id)
    announce(ledger, account_id, shown, now)
    return shown


def announce(ledger: Ledger, account_id: str, shown: ContactView, now: int) -> None:
    """Tell that a contact changed, with what it now looks like."""
    ledger.announce(account_id, EventKind.CONTACT_CHANGED, shown, at=now, about=Subject(shown.id))


def _identity_view(person: Person) -> IdentityView:
    return IdentityView(
        id=person.identity_id,
        inbox_id=person.inbox_id,
        channel=person.channel,
        external_id=person.external_id,
        name=person.name,
        username=person.username,
        evidence=person.evidence,
        reachable=person.reachable,
        seen_at=person.seen_at,
        window_until=person.window_until,
        picture_id=person.picture_id,
    )


def _link_view(link: store.LinkRow) -> LinkView:
    why = wording.why_linked(link.reason, link.value, partly=bool(link.since))
    return LinkView(
        id=link.id,
        identity_id=IdentityId(link.identity_id),
        other_id=IdentityId(link.other_id),
        evidence=link.evidence,
        reason=link.reason,
        value=link.value,
        by=link.by,
        at=link.at,
        why_en=why[0],
        why_ru=why[1],
    )
