"""Contacts: met, changed, shown."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from otklik.contacts import rules, store
from otklik.contacts.types import (
    Arrival,
    ContactPatch,
    ContactView,
    IdentityView,
    Person,
    PersonKey,
    TouchpointView,
)
from otklik.events.api import Ledger, Subject
from otklik.events.types import EventKind
from otklik.kernel.errors import InvalidError, NotFoundError
from otklik.kernel.ids import new_id
from otklik.kernel.text import storable

_TOUCHPOINTS_SHOWN = 20
_FIELD_LIMIT = 2000


def arrive(connection: Connection, arrivals: Sequence[Arrival]) -> dict[PersonKey, Person]:
    """Find or make the people behind arrivals, at most five statements for any number."""
    if not arrivals:
        return {}
    keys = list(dict.fromkeys((a.inbox_id, a.sender.external_id) for a in arrivals))
    people = store.find_people(connection, {a.account_id for a in arrivals}, keys)
    fresh: dict[PersonKey, tuple[Person, Arrival]] = {}
    changed: dict[PersonKey, Person] = {}
    for arrival in arrivals:
        key = (arrival.inbox_id, arrival.sender.external_id)
        known = people.get(key)
        if known is None:
            if not arrival.introduces:
                continue
            person = rules.newcomer(arrival, new_id(), new_id())
            fresh[key] = (person, arrival)
        else:
            person = rules.met_again(known, arrival)
            if person is known:
                continue
            if key in fresh:
                fresh[key] = (person, fresh[key][1])
            else:
                changed[key] = person
        people[key] = person
    store.insert_people(connection, list(fresh.values()))
    store.update_people(connection, list(changed.values()))
    return people


def view(connection: Connection, account_id: str, contact_id: str) -> ContactView:
    """Show a contact; raises `NotFoundError`."""
    row = store.contact(connection, account_id, contact_id)
    if row is None:
        raise NotFoundError
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
        identities=[
            _identity_view(person)
            for person in store.people_of_contacts(connection, account_id, [contact_id])
        ],
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
            for touch in store.touchpoints_of(
                connection, account_id, contact_id, _TOUCHPOINTS_SHOWN
            )
        ],
    )


def change(
    connection: Connection,
    ledger: Ledger,
    account_id: str,
    contact_id: str,
    patch: ContactPatch,
    now: int,
) -> ContactView:
    """Store what an operator typed about a contact; their word is evidence `operator`."""
    values: dict[str, str] = {}
    for name in ("name", "phone", "email", "remark"):
        value = getattr(patch, name)
        if value is None:
            continue
        if len(value) > _FIELD_LIMIT:
            raise InvalidError(
                f"Keep it under {_FIELD_LIMIT} characters.",
                f"Не больше {_FIELD_LIMIT} знаков.",
                field=name,
            )
        values[name] = storable(value.strip())
        if name in {"phone", "email"}:
            values[f"{name}_evidence"] = "operator" if value.strip() else ""
    if values and not store.change_contact(connection, account_id, contact_id, values):
        raise NotFoundError
    shown = view(connection, account_id, contact_id)
    announce(ledger, account_id, shown, now)
    return shown


def attest_phone(
    connection: Connection, ledger: Ledger, person: Person, phone: str, now: int
) -> None:
    """Store the phone a platform proved to be the person's own."""
    values = {"phone": phone, "phone_evidence": "attested"}
    store.change_contact(connection, person.account_id, person.contact_id, values)
    announce_by_id(connection, ledger, person.account_id, person.contact_id, now)


def set_reachable(
    connection: Connection, ledger: Ledger, person: Person, *, reachable: bool, now: int
) -> None:
    """Store whether a person's address takes messages, and tell."""
    store.set_reachable(connection, person.account_id, person.identity_id, reachable=reachable)
    announce_by_id(connection, ledger, person.account_id, person.contact_id, now)


def announce_by_id(
    connection: Connection, ledger: Ledger, account_id: str, contact_id: str, now: int
) -> None:
    """Tell that a contact changed."""
    announce(ledger, account_id, view(connection, account_id, contact_id), now)


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
    )
