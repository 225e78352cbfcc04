"""Who a sender is to us, and what changes about them. Pure."""

import msgspec

from otklik.contacts.types import Arrival, Person
from otklik.kernel.ids import ContactId, IdentityId
from otklik.kernel.text import preview, storable

SEEN_STEP_MS = 60_000
"""`seen_at` is stored at this grain, so that a chatty contact does not cost a write each time."""

_NAME_LIMIT = 120


def newcomer(arrival: Arrival, contact_id: str, identity_id: str) -> Person:
    """Make the person a first arrival introduces."""
    name = display_name(arrival)
    return Person(
        account_id=arrival.account_id,
        contact_id=ContactId(contact_id),
        contact_name=name,
        identity_id=IdentityId(identity_id),
        inbox_id=arrival.inbox_id,
        channel=arrival.channel,
        external_id=arrival.sender.external_id,
        name=name,
        username=storable(arrival.sender.username),
        evidence=arrival.sender.evidence,
        reachable=True,
        seen_at=arrival.at,
        window_until=arrival.window_until,
        is_new=True,
    )


def met_again(person: Person, arrival: Arrival) -> Person:
    """Give the person with what this arrival tells anew; the same object when nothing does.

    A name an operator gave stays: the contact follows the identity's name only while equal.
    """
    name = display_name(arrival) or person.name
    username = storable(arrival.sender.username) or person.username
    late = arrival.at - (person.seen_at or 0) >= SEEN_STEP_MS
    longer = arrival.window_until - person.window_until >= SEEN_STEP_MS
    if name == person.name and username == person.username and not late and not longer:
        return person
    follows = person.contact_name in {person.name, ""}
    return msgspec.structs.replace(
        person,
        name=name,
        username=username,
        contact_name=name if follows else person.contact_name,
        seen_at=max(arrival.at, person.seen_at or 0),
        window_until=max(arrival.window_until, person.window_until),
    )


def display_name(arrival: Arrival) -> str:
    """Give the sender's own name, cut to what fits a row; empty when they have none."""
    return preview(storable(arrival.sender.name or arrival.sender.username), _NAME_LIMIT)
