"""What platforms tell about inboxes themselves: quality, restrictions, templates."""

from sqlalchemy import Connection

from otklik.events.api import Ledger
from otklik.events.types import EventKind
from otklik.inboxes import store, templates
from otklik.inboxes.service import view
from otklik.inboxes.types import Inbox, InboxNews
from otklik.kernel.ids import new_id
from otklik.kernel.text import storable
from otklik.ports.channel import InboxReported, TemplateReported

SHOWN = 50

_DETAIL = 500


def hear(
    connection: Connection,
    ledger: Ledger,
    inbox: Inbox,
    told: InboxReported | TemplateReported,
    now: int,
) -> None:
    """Store a piece of news about an inbox, and tell."""
    if isinstance(told, TemplateReported):
        templates.hear(connection, inbox.account_id, inbox.id, told, now)
        words = ": ".join(filter(None, (f"{told.name} ({told.language})", told.reason)))
        what = f"template.{told.status or told.category}".lower()
        told = InboxReported(what, words, now, is_trouble=bool(told.reason))
    store.add_news(
        connection,
        {
            "id": new_id(),
            "account_id": inbox.account_id,
            "inbox_id": inbox.id,
            "what": storable(told.what)[:_DETAIL],
            "detail": storable(told.detail)[:_DETAIL],
            "is_trouble": int(told.is_trouble),
            "at": told.at or now,
        },
    )
    ledger.announce(inbox.account_id, EventKind.INBOX_CHANGED, view(inbox), at=now)


def newest(connection: Connection, account_id: str, inbox_id: str) -> list[InboxNews]:
    """Give the newest news of an inbox."""
    rows = store.news_of(connection, account_id, inbox_id, SHOWN)
    return [InboxNews(row.what, row.detail, bool(row.is_trouble), row.at) for row in rows]
