"""What operators look at: the queue, a conversation, its timeline, stickers."""

from collections.abc import Mapping
from typing import Literal

import msgspec
from sqlalchemy import Connection

from otklik.contacts import api as contacts
from otklik.contacts.types import ContactView
from otklik.conversations import service, store, views
from otklik.conversations.types import (
    AttachmentView,
    ConversationRow,
    MessageView,
    QueueRow,
)
from otklik.events import api as events
from otklik.kernel.errors import InvalidError, NotFoundError
from otklik.kernel.ids import MessageId
from otklik.ports.channel import Channel, Window

PAGE_LIMIT = 200


class QueueCounts(msgspec.Struct, frozen=True):
    """How many conversations each tab of the queue has."""

    mine: int
    unassigned: int
    open: int
    resolved: int


class QueuePage(msgspec.Struct, frozen=True):
    """One page of the queue. `next` continues it; `seq` is where the socket goes on from."""

    items: list[QueueRow]
    next: str | None
    counts: QueueCounts
    seq: int


class ChannelLimits(msgspec.Struct, frozen=True):
    """What the reply box must know of an inbox. `text` and `caption` in `text_unit`."""

    channel: str
    title: str
    text: int
    caption: int
    text_unit: Literal["characters", "utf16", "bytes"]
    upload_bytes: int
    picture_bytes: int
    album: int
    features: list[str]
    sends: list[str]
    window: Window
    """How long an answer may be given; see `window_until` of the contact's address."""


class ConversationDetail(msgspec.Struct, frozen=True):
    """A conversation with its contact and the limits of every address it can be answered at."""

    row: QueueRow
    contact: ContactView
    limits: dict[str, ChannelLimits]
    seq: int


class TimelinePage(msgspec.Struct, frozen=True):
    """A part of a contact's timeline in ascending order; `more` when there is older."""

    items: list[MessageView]
    more: bool
    seq: int


class StickerView(msgspec.Struct, frozen=True):
    """A sticker that can be sent again."""

    message_id: MessageId
    attachment: AttachmentView


def queue_page(
    connection: Connection, account_id: str, operator_id: str, wanted: store.QueueFilter
) -> QueuePage:
    """Show one page of the queue."""
    seq = events.last_seq(connection, account_id)
    rows = store.queue(
        connection, account_id, msgspec.structs.replace(wanted, limit=wanted.limit + 1)
    )
    more = len(rows) > wanted.limit
    rows = rows[: wanted.limit]
    people = contacts.people_of_contacts(connection, account_id, {row.contact_id for row in rows})
    return QueuePage(
        items=[views.queue_row(row, people) for row in rows],
        next=_cursor(rows[-1], wanted.sort) if more else None,
        counts=QueueCounts(*store.counts(connection, account_id, operator_id)),
        seq=seq,
    )


def detail(
    connection: Connection,
    account_id: str,
    conversation_id: str,
    channels: Mapping[str, Channel],
    titles: Mapping[str, str],
) -> ConversationDetail:
    """Show a conversation; raises `NotFoundError`."""
    seq = events.last_seq(connection, account_id)  # before the rest: nothing falls between
    row = store.find(connection, account_id, conversation_id)
    if row is None:
        raise NotFoundError
    contact = contacts.view(connection, account_id, row.contact_id)
    people = contacts.people_of_contacts(connection, account_id, (row.contact_id,))
    limits: dict[str, ChannelLimits] = {
        identity.inbox_id: _limits(channels[identity.channel], titles.get(identity.inbox_id, ""))
        for identity in contact.identities
        if identity.inbox_id in titles
    }
    return ConversationDetail(views.queue_row(row, people), contact, limits, seq)


def timeline(
    connection: Connection, account_id: str, conversation_id: str, before: int | None, limit: int
) -> TimelinePage:
    """Show a part of the timeline of a conversation's contact; raises `NotFoundError`."""
    row = store.find(connection, account_id, conversation_id)
    if row is None:
        raise NotFoundError
    return timeline_of_contact(connection, account_id, row.contact_id, before, limit)


def timeline_of_contact(
    connection: Connection, account_id: str, contact_id: str, before: int | None, limit: int
) -> TimelinePage:
    """Show a part of a contact's timeline."""
    seq = events.last_seq(connection, account_id)
    rows = store.timeline(connection, account_id, contact_id, before, limit + 1)
    items = service.show(connection, account_id, rows[-limit:])
    return TimelinePage(items=items, more=len(rows) > limit, seq=seq)


def stickers(connection: Connection, account_id: str, limit: int) -> list[StickerView]:
    """Show the newest different stickers of the account."""
    found: dict[str, StickerView] = {}
    for row in store.recent_stickers(connection, account_id, limit * 5):
        key = row.file_id or row.ref
        if key not in found and len(found) < limit:
            found[key] = StickerView(row.message_id, views.attachment_view(row))
    return list(found.values())


def parse_cursor(cursor: str) -> tuple[int, str] | None:
    """Read a cursor we gave out; raises `InvalidError`."""
    if not cursor:
        return None
    moment, _, conversation_id = cursor.partition(".")
    if not (moment.isascii() and moment.isdigit()) or not conversation_id:
        raise InvalidError("The cursor is not ours.", "Неизвестный курсор.", field="before")
    return int(moment), conversation_id


def _cursor(row: ConversationRow, sort: str) -> str:
    if sort == "waiting":
        moment = store.NEVER_WAITING if row.waiting_since is None else row.waiting_since
    else:
        moment = row.last_message_at
    return f"{moment}.{row.id}"


def _limits(channel: Channel, title: str) -> ChannelLimits:
    limits = channel.manifest.limits
    return ChannelLimits(
        channel=channel.manifest.id,
        title=title,
        text=limits.text,
        caption=limits.caption,
        text_unit=limits.text_unit,
        upload_bytes=limits.upload_bytes,
        picture_bytes=limits.picture_bytes,
        album=limits.album,
        features=list(channel.manifest.features),
        sends=list(channel.manifest.sends),
        window=channel.manifest.window,
    )
