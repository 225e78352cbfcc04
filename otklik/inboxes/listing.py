"""An inbox's templates, listed at its platform anew."""

from otklik.events.api import Journal
from otklik.inboxes import templates
from otklik.inboxes.types import Inbox
from otklik.ports.channel import Channel, Refusal, Templates
from otklik.ports.steps import Ask, converse


async def listed_anew(
    ask: Ask, journal: Journal, channel: Channel, inbox: Inbox, now: int
) -> Templates | Refusal | None:
    """Ask the platform for an inbox's templates and keep them; None: it has no such thing."""
    listed = None if channel.connect is None else channel.connect.templates
    if listed is None:
        return None
    found = await converse(ask, lambda answers: listed(inbox.config, answers))
    if isinstance(found, Templates):
        await journal.write(
            [inbox.account_id],
            lambda connection, _ledger: templates.keep(
                connection, inbox.account_id, inbox.id, found.templates, now
            ),
        )
    return found
