"""The door of contacts."""

from otklik.contacts.service import (
    announce_by_id,
    arrive,
    attest_phone,
    change,
    set_reachable,
    view,
)
from otklik.contacts.store import (
    by_name,
    find_people,
    insert_touchpoints,
    move_identity,
    move_identity_by_id,
    people_of_contacts,
    person_of_identity,
)

__all__ = [
    "announce_by_id",
    "arrive",
    "attest_phone",
    "by_name",
    "change",
    "find_people",
    "insert_touchpoints",
    "move_identity",
    "move_identity_by_id",
    "people_of_contacts",
    "person_of_identity",
    "set_reachable",
    "view",
]
