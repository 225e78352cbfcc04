"""Read marks: what an operator has seen is shown as read where the platform can."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from otklik.contacts.types import Person
from otklik.conversations import compose, store
from otklik.conversations.drafting import Channels
from otklik.conversations.types import ConversationRow
from otklik.delivery.types import Delivery

if TYPE_CHECKING:
    from otklik.conversations.service import Desk


def read_mark(
    desk: "Desk",
    conversation: ConversationRow,
    people: Sequence[Person],
    seq: int,
    channels: Channels,
) -> Delivery | None:
    """Queue the mark for the newest message seen; None: the platform shows none."""
    person = next((one for one in people if one.identity_id == conversation.identity_id), None)
    if person is None or not person.reachable:
        return None
    channel = channels(person.inbox_id)
    if channel is None or "read_out" not in channel.manifest.features:
        return None
    seen = store.last_heard(
        desk.connection, desk.account_id, person.contact_id, person.identity_id, seq
    )
    return compose.read_mark(person, seen, desk.now) if seen else None
