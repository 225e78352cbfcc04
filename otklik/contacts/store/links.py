"""SQL of links: which addresses are one person now, and what their contacts lend one another."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, or_, select, update
from sqlalchemy.engine import Row

from otklik.contacts.tables import contacts, identities, links, touchpoints
from otklik.contacts.types import LinkReason, Move
from otklik.platform.writes import insert_rows

LinkKey = tuple[str, str, LinkReason, str, str, int]
"""The linked address, the one that proves it, reason, value, by, since."""


class LinkRow(msgspec.Struct, frozen=True):
    """A link as stored: `identity_id` is the same person as `other_id`."""

    id: str
    account_id: str
    identity_id: str
    other_id: str
    contact_id: str
    evidence: str
    reason: LinkReason
    value: str
    by: str
    since: int
    at: int

    @property
    def key(self) -> LinkKey:
        """Give what makes it the link it is, whenever it was made."""
        return (
            self.identity_id, self.other_id, self.reason, self.value, self.by, self.since,
        )  # fmt: skip


_LINK = [links.c[name] for name in LinkRow.__struct_fields__]


def active_links(
    connection: Connection, account_id: str, identity_ids: Iterable[str]
) -> list[LinkRow]:
    """Give the links of some addresses that hold now."""
    ids = list(identity_ids)
    statement = select(*_LINK).where(
        links.c.account_id == account_id,
        links.c.revoked_at.is_(None),
        or_(links.c.identity_id.in_(ids), links.c.other_id.in_(ids)),
    )
    rows = connection.execute(statement.order_by(links.c.at, links.c.id))
    names = LinkRow.__struct_fields__
    return [msgspec.convert(dict(zip(names, row, strict=True)), LinkRow) for row in rows]


def insert_links(connection: Connection, rows: Sequence[LinkRow]) -> None:
    """Store new links."""
    insert_rows(connection, links, [msgspec.structs.asdict(row) for row in rows])


def revoke_links(
    connection: Connection, account_id: str, link_ids: Sequence[str], at: int, by: str
) -> None:
    """End links; what they did stays on record."""
    if link_ids:
        connection.execute(
            update(links)
            .where(links.c.account_id == account_id, links.c.id.in_(link_ids))
            .values(revoked_at=at, revoked_by=by)
        )


def give_identities(
    connection: Connection, account_id: str, contact_id: str, identity_ids: Sequence[str]
) -> None:
    """Let addresses belong to a contact."""
    connection.execute(
        update(identities)
        .where(identities.c.account_id == account_id, identities.c.id.in_(identity_ids))
        .values(contact_id=contact_id)
    )


def move_touchpoints(connection: Connection, account_id: str, moves: Sequence[Move]) -> None:
    """Let touchpoints follow the addresses they happened at."""
    for move in moves:
        connection.execute(
            update(touchpoints)
            .where(
                touchpoints.c.account_id == account_id,
                touchpoints.c.contact_id == move.from_id,
                touchpoints.c.identity_id == move.identity_id,
                touchpoints.c.at >= move.since,
            )
            .values(contact_id=move.to_id)
        )


def rejoin_touchpoints(
    connection: Connection, account_id: str, old: str, new: str, contact_id: str
) -> None:
    """Let the touchpoints of a contact follow their part of a conversation into another one."""
    connection.execute(
        update(touchpoints)
        .where(
            touchpoints.c.account_id == account_id,
            touchpoints.c.conversation_id == old,
            touchpoints.c.contact_id == contact_id,
        )
        .values(conversation_id=new)
    )


def cards(
    connection: Connection, account_id: str, contact_ids: Iterable[str]
) -> dict[str, Row[Any]]:
    """Give contacts as stored, whoever stands for them now."""
    statement = select(contacts).where(
        contacts.c.account_id == account_id, contacts.c.id.in_(list(contact_ids))
    )
    return {row.id: row for row in connection.execute(statement)}


def save_card(
    connection: Connection, account_id: str, contact_id: str, values: Mapping[str, Any]
) -> None:
    """Store what a contact shows now, what of it is borrowed, and who stands for them."""
    connection.execute(
        update(contacts)
        .where(contacts.c.account_id == account_id, contacts.c.id == contact_id)
        .values(**values)
    )


def clear_lent(
    connection: Connection, account_id: str, contact_id: str, field: str, value: str
) -> None:
    """Clear a value in every contact that lends it: an operator took it away."""
    connection.execute(
        update(contacts)
        .where(
            contacts.c.account_id == account_id,
            contacts.c.merged_into == contact_id,
            contacts.c[field] == value,
        )
        .values({field: ""})
    )
