"""The door of contacts."""

from otklik.contacts.consents import allows
from otklik.contacts.consents import record as record_consent
from otklik.contacts.linking import log_in, meet
from otklik.contacts.meeting import arrive
from otklik.contacts.regrouping import Follow
from otklik.contacts.service import announce_by_id, attest_phone, set_picture, set_reachable, view
from otklik.contacts.store import (
    by_name,
    find_people,
    insert_touchpoints,
    logins_of,
    move_identity,
    move_identity_by_id,
    people_of_contacts,
    person_of_identity,
    rejoin_touchpoints,
)

__all__ = [
    "Follow",
    "allows",
    "announce_by_id",
    "arrive",
    "attest_phone",
    "by_name",
    "find_people",
    "insert_touchpoints",
    "log_in",
    "logins_of",
    "meet",
    "move_identity",
    "move_identity_by_id",
    "people_of_contacts",
    "person_of_identity",
    "record_consent",
    "rejoin_touchpoints",
    "set_picture",
    "set_reachable",
    "view",
]
