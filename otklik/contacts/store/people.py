"""SQL of contacts, their addresses and touchpoints."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, exists, func, or_, select, update
from sqlalchemy.engine import Row

from otklik.contacts.evidence import ANY_COUNTRY, normal_phone
from otklik.contacts.tables import contacts, identities, touchpoints
from otklik.contacts.types import Arrival, Person, PersonKey, TouchpointRow
from otklik.kernel.text import storable
from otklik.platform.writes import insert_rows, upsert_rows

_PERSON = (
    identities.c.account_id,
    identities.c.contact_id,
    contacts.c.name.label("contact_name"),
    identities.c.id.label("identity_id"),
    identities.c.inbox_id,
    identities.c.channel,
    identities.c.external_id,
    identities.c.name,
    identities.c.username,
    identities.c.evidence,
    identities.c.reachable,
    identities.c.seen_at,
    identities.c.window_until,
    identities.c.picture_id,
)


def find_people(
    connection: Connection, account_ids: Iterable[str], keys: Sequence[PersonKey]
) -> dict[PersonKey, Person]:
    """Find the people behind addresses, in one statement."""
    statement = (
        select(*_PERSON)
        .join(contacts, contacts.c.id == identities.c.contact_id)
        .where(
            identities.c.account_id.in_(list(account_ids)),
            # Two lists use the index; a list of pairs is planned as one long OR.
            identities.c.inbox_id.in_({inbox_id for inbox_id, _ in keys}),
            identities.c.external_id.in_({external_id for _, external_id in keys}),
        )
    )
    wanted = set(keys)
    people = (_person(row) for row in connection.execute(statement))
    by_key = {(person.inbox_id, person.external_id): person for person in people}
    return {key: person for key, person in by_key.items() if key in wanted}


def find_by_ids(
    connection: Connection, account_ids: Iterable[str], identity_ids: Iterable[str]
) -> dict[str, Person]:
    """Find the people behind addresses known by our ids, in one statement."""
    statement = (
        select(*_PERSON)
        .join(contacts, contacts.c.id == identities.c.contact_id)
        .where(
            identities.c.account_id.in_(list(account_ids)),
            identities.c.id.in_(list(identity_ids)),
        )
    )
    return {row.identity_id: _person(row) for row in connection.execute(statement)}


def person_of_identity(connection: Connection, account_id: str, identity_id: str) -> Person | None:
    """Find a person by the id of one address."""
    statement = (
        select(*_PERSON)
        .join(contacts, contacts.c.id == identities.c.contact_id)
        .where(identities.c.account_id == account_id, identities.c.id == identity_id)
    )
    row = connection.execute(statement).first()
    return None if row is None else _person(row)


def people_of_contacts(
    connection: Connection, account_id: str, contact_ids: Iterable[str]
) -> list[Person]:
    """Give every address of some contacts, the last used first."""
    statement = (
        select(*_PERSON)
        .join(contacts, contacts.c.id == identities.c.contact_id)
        .where(
            identities.c.account_id == account_id, identities.c.contact_id.in_(list(contact_ids))
        )
        .order_by(identities.c.seen_at.desc())
    )
    return [_person(row) for row in connection.execute(statement)]


def insert_people(connection: Connection, fresh: Sequence[tuple[Person, Arrival]]) -> None:
    """Store people met for the first time."""
    contact_rows = []
    for person, arrival in fresh:
        sender = arrival.sender
        contact_rows.append(
            {
                "id": person.contact_id,
                "account_id": person.account_id,
                "name": person.contact_name,
                "locale": sender.locale,
                "phone": normal_phone(sender.phone, ANY_COUNTRY) or storable(sender.phone),
                "phone_evidence": _word(sender.phone, sender.phone_evidence or sender.evidence),
                "email": storable(sender.email),
                "email_evidence": _word(sender.email, sender.email_evidence or sender.evidence),
                "created_at": arrival.at,
                "seen_at": arrival.at,
            }
        )
    insert_rows(connection, contacts, contact_rows)
    identity_rows = [
        _identity_values(person) | {"home_id": person.contact_id, "created_at": arrival.at}
        for person, arrival in fresh
    ]
    insert_rows(connection, identities, identity_rows)


def update_people(connection: Connection, changed: Sequence[Person]) -> None:
    """Store what changed about known people: one statement for addresses, one for contacts."""
    # created_at must be present for the insert half of the upsert, which never runs for them.
    upsert_rows(
        connection,
        identities,
        [_identity_values(person) | {"home_id": "", "created_at": 0} for person in changed],
        keep=("home_id", "created_at"),
    )
    rows = {
        person.contact_id: {
            "id": person.contact_id,
            "account_id": person.account_id,
            "name": person.contact_name,
            "seen_at": person.seen_at,
            "created_at": 0,
        }
        for person in changed
    }
    upsert_rows(connection, contacts, list(rows.values()), keep=("created_at",))


def move_identity(
    connection: Connection, account_id: str, inbox_id: str, old: str, new: str
) -> None:
    """Give an address its new external id, unless somebody has that already."""
    connection.execute(
        update(identities)
        .where(
            identities.c.account_id == account_id,
            identities.c.inbox_id == inbox_id,
            identities.c.external_id == old,
            _is_vacant(account_id, new),
        )
        .values(external_id=new)
    )


def move_identity_by_id(
    connection: Connection, account_id: str, identity_id: str, new: str
) -> None:
    """Give an address, known by our id, its new external id, unless somebody has that already."""
    connection.execute(
        update(identities)
        .where(
            identities.c.account_id == account_id,
            identities.c.id == identity_id,
            _is_vacant(account_id, new),
        )
        .values(external_id=new)
    )


def _is_vacant(account_id: str, external_id: str) -> ColumnElement[bool]:
    """Ask whether nobody of the same inbox has an external id."""
    other = identities.alias("other")
    taken = exists().where(
        other.c.account_id == account_id,
        other.c.inbox_id == identities.c.inbox_id,
        other.c.external_id == external_id,
    )
    return ~taken


def set_reachable(
    connection: Connection, account_id: str, identity_id: str, *, reachable: bool
) -> None:
    """Store whether an address takes messages."""
    connection.execute(
        update(identities)
        .where(identities.c.account_id == account_id, identities.c.id == identity_id)
        .values(reachable=int(reachable))
    )


def set_picture(connection: Connection, account_id: str, identity_id: str, picture_id: str) -> None:
    """Store the file that shows the face behind an address."""
    connection.execute(
        update(identities)
        .where(identities.c.account_id == account_id, identities.c.id == identity_id)
        .values(picture_id=picture_id)
    )


def change_contact(
    connection: Connection, account_id: str, contact_id: str, values: dict[str, Any]
) -> bool:
    """Change columns of a contact; false when the account has no such contact."""
    statement = update(contacts).where(
        contacts.c.account_id == account_id, contacts.c.id == contact_id
    )
    return connection.execute(statement.values(**values)).rowcount == 1


def fill_contact(
    connection: Connection, account_id: str, contact_id: str, field: str, value: str, word: str
) -> bool:
    """Store a phone or e-mail where nothing better is known; false when something is."""
    known = contacts.c[f"{field}_evidence"]
    better = or_(contacts.c[field] == "", known.in_(("claimed", "operator")))
    weak = contacts.c[field] == "" if word == "claimed" else better
    statement = update(contacts).where(
        contacts.c.account_id == account_id, contacts.c.id == contact_id, weak
    )
    values = {field: value, f"{field}_evidence": word}
    return connection.execute(statement.values(values)).rowcount == 1


def contact(connection: Connection, account_id: str, contact_id: str) -> Row[Any] | None:
    """Find one contact of the account."""
    statement = select(contacts).where(
        contacts.c.account_id == account_id, contacts.c.id == contact_id
    )
    return connection.execute(statement).first()


def touchpoints_of(
    connection: Connection, account_id: str, contact_id: str, limit: int
) -> Sequence[Row[Any]]:
    """Give where a contact came from, newest first."""
    statement = (
        select(touchpoints)
        .where(touchpoints.c.account_id == account_id, touchpoints.c.contact_id == contact_id)
        .order_by(touchpoints.c.at.desc())
        .limit(limit)
    )
    return connection.execute(statement).all()


def insert_touchpoints(connection: Connection, rows: Sequence[TouchpointRow]) -> None:
    """Store touchpoints."""
    insert_rows(connection, touchpoints, [msgspec.structs.asdict(row) for row in rows])


def by_name(
    connection: Connection, account_id: str, pattern: str, limit: int
) -> Sequence[Row[Any]]:
    """Find contacts whose name, phone or e-mail contains a text (any case)."""
    # What a merged contact has leads to the one who stands for the person now.
    standing = select(func.coalesce(contacts.c.merged_into, contacts.c.id)).where(
        contacts.c.account_id == account_id,
        contacts.c.name.icontains(pattern, autoescape=True)
        | contacts.c.phone.contains(pattern, autoescape=True)
        | contacts.c.email.icontains(pattern, autoescape=True),
    )
    statement = (
        select(contacts)
        .where(contacts.c.account_id == account_id, contacts.c.id.in_(standing))
        .order_by(contacts.c.seen_at.desc())
        .limit(limit)
    )
    return connection.execute(statement).all()


def _word(value: str, word: str) -> str:
    return word if value else ""


def _identity_values(person: Person) -> dict[str, Any]:
    return {
        "id": person.identity_id,
        "account_id": person.account_id,
        "contact_id": person.contact_id,
        "inbox_id": person.inbox_id,
        "channel": person.channel,
        "external_id": person.external_id,
        "name": person.name,
        "username": person.username,
        "evidence": person.evidence,
        "reachable": int(person.reachable),
        "seen_at": person.seen_at,
        "window_until": person.window_until,
        "picture_id": person.picture_id,
    }


def _person(row: Row[*tuple[Any, ...]]) -> Person:
    values = row._mapping  # noqa: SLF001 - the documented way to read a row by name
    return Person(**{**values, "reachable": bool(row.reachable)})
