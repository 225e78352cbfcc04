"""Conversations over HTTP: the queue, the timeline, and what operators do in them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar

import msgspec
from litestar import Router, delete, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter, SkipValidation
from sqlalchemy import Connection

from otklik.accounts.api import operator_name
from otklik.accounts.http import TheCaller
from otklik.accounts.types import Caller, Scope
from otklik.conversations import labels, queries, service
from otklik.conversations.previewing import preview
from otklik.conversations.service import Desk
from otklik.conversations.store import QueueFilter
from otklik.conversations.types import (
    ConversationState,
    LabelView,
    MessageView,
    NewLabel,
    NewMessage,
    NewNote,
    Preview,
    QueueRow,
)
from otklik.events.api import Journal, Ledger
from otklik.inboxes.api import InboxRegistry
from otklik.kernel.clock import Clock
from otklik.kernel.errors import ConflictError
from otklik.kernel.ids import LabelId, OperatorId
from otklik.platform.web import require
from otklik.ports.channel import Channel
from otklik.ports.message import Entity

T = TypeVar("T")

READ = require(Scope.CONVERSATIONS_READ)
WRITE = require(Scope.CONVERSATIONS_WRITE)


@dataclass(frozen=True, slots=True)
class Room:
    """What the handlers of conversations work with."""

    journal: Journal
    registry: InboxRegistry
    channels: Mapping[str, Channel]
    clock: Clock
    wake_delivery: Callable[[], None]

    async def act(self, caller: Caller, work: Callable[[Desk], T]) -> T:
        """Run an operator's transaction."""
        now = self.clock.now_ms()

        def run(connection: Connection, ledger: Ledger) -> T:
            return work(Desk(connection, ledger, caller, now))

        result = await self.journal.write([caller.account_id], run)
        self.wake_delivery()
        return result

    async def look(self, work: Callable[[Connection], T]) -> T:
        """Run a reading function."""
        return await self.journal.database.read(work)

    def channel_of(self, inbox_id: str) -> Channel | None:
        """Give the channel of an inbox; none when it was removed."""
        inbox = self.registry.by_id(inbox_id)
        return None if inbox is None else self.channels[inbox.channel]


TheRoom = NamedDependency[SkipValidation[Room]]
# `state` is a name the framework keeps for itself.
Standing = Annotated[ConversationState, QueryParameter(name="state")]
Limit = Annotated[int, QueryParameter(ge=1, le=queries.PAGE_LIMIT)]


class Assignment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to give a conversation to. With `expected`, only if it still belongs to them."""

    operator_id: OperatorId | None
    expected: OperatorId | msgspec.UnsetType | None = msgspec.UNSET


class ReadUpTo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The number of the last message on the operator's screen."""

    seq: int


class LabelChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The labels a conversation shall have."""

    label_ids: list[LabelId]


class MessageEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The new text of a message."""

    text: str
    entities: tuple[Entity, ...] = ()


class ReactionChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Our reaction on a message; empty takes it away."""

    emoji: str


@get("/conversations", guards=[READ], tags=["conversations"])
async def list_conversations(
    caller: TheCaller,
    room: TheRoom,
    standing: Standing = ConversationState.OPEN,
    assignee: FromQuery[str] = "any",
    label: FromQuery[str] = "",
    channel: FromQuery[str] = "",
    sort: FromQuery[str] = "waiting",
    before: FromQuery[str] = "",
    limit: Limit = 50,
) -> queries.QueuePage:
    """Show the queue. `assignee`: any, none, me or an operator's id. `sort`: waiting, recent."""
    me = caller.operator_id or ""
    inboxes = tuple(
        one.id
        for one in room.registry.all()
        if one.account_id == caller.account_id and one.channel == channel
    )
    wanted = QueueFilter(
        state=standing,
        assignee=me if assignee == "me" else assignee,
        label_id=label,
        channel_inboxes=inboxes if channel else None,
        sort="recent" if sort == "recent" else "waiting",
        before=queries.parse_cursor(before),
        limit=limit,
    )
    return await room.look(lambda c: queries.queue_page(c, caller.account_id, me, wanted))


@get("/conversations/{conversation_id:str}", guards=[READ], tags=["conversations"])
async def get_conversation(
    conversation_id: FromPath[str], caller: TheCaller, room: TheRoom
) -> queries.ConversationDetail:
    """Show a conversation with its contact and what its channels allow."""
    titles = room.registry.titles(caller.account_id)
    return await room.look(
        lambda c: queries.detail(c, caller.account_id, conversation_id, room.channels, titles)
    )


@get("/conversations/{conversation_id:str}/messages", guards=[READ], tags=["conversations"])
async def list_messages(
    conversation_id: FromPath[str],
    caller: TheCaller,
    room: TheRoom,
    before: FromQuery[int | None] = None,
    limit: Limit = 50,
) -> queries.TimelinePage:
    """Show the newest messages of the conversation's contact before a number."""
    return await room.look(
        lambda c: queries.timeline(c, caller.account_id, conversation_id, before, limit)
    )


@post("/conversations/{conversation_id:str}/messages", guards=[WRITE], tags=["conversations"])
async def send_message(
    conversation_id: FromPath[str], data: JSONBody[NewMessage], caller: TheCaller, room: TheRoom
) -> MessageView:
    """Answer. A repeated `client_id` gives the message the first request made."""
    return await room.act(
        caller, lambda desk: service.reply(desk, conversation_id, data, room.channel_of)
    )


@post(
    "/conversations/{conversation_id:str}/messages/preview",
    guards=[WRITE],
    status_code=200,
    tags=["conversations"],
)
async def preview_message(
    conversation_id: FromPath[str], data: JSONBody[NewMessage], caller: TheCaller, room: TheRoom
) -> Preview:
    """Show what the channel would make of an answer; nothing is sent."""
    return await room.act(
        caller, lambda desk: preview(desk, conversation_id, data, room.channel_of)
    )


@post("/conversations/{conversation_id:str}/notes", guards=[WRITE], tags=["conversations"])
async def add_note(
    conversation_id: FromPath[str], data: JSONBody[NewNote], caller: TheCaller, room: TheRoom
) -> MessageView:
    """Leave a private note: colleagues see it, the contact never does."""
    return await room.act(caller, lambda desk: service.note(desk, conversation_id, data))


@post(
    "/conversations/{conversation_id:str}/assign",
    guards=[WRITE],
    status_code=200,
    tags=["conversations"],
)
async def assign(
    conversation_id: FromPath[str], data: JSONBody[Assignment], caller: TheCaller, room: TheRoom
) -> QueueRow:
    """Give a conversation to an operator, or to nobody."""

    def work(desk: Desk) -> QueueRow:
        owner = desk.conversation(conversation_id).operator_id
        if data.expected is not msgspec.UNSET and data.expected != owner:
            raise ConflictError(
                "A colleague has taken it meanwhile.", "Обращение уже взял коллега."
            )
        name = ""
        if data.operator_id is not None:
            name = operator_name(desk.connection, caller.account_id, data.operator_id)
        return service.assign(desk, conversation_id, data.operator_id, name)

    return await room.act(caller, work)


@post(
    "/conversations/{conversation_id:str}/resolve",
    guards=[WRITE],
    status_code=200,
    tags=["conversations"],
)
async def resolve(conversation_id: FromPath[str], caller: TheCaller, room: TheRoom) -> QueueRow:
    """End a conversation."""
    return await room.act(caller, lambda desk: service.resolve(desk, conversation_id))


@post(
    "/conversations/{conversation_id:str}/reopen",
    guards=[WRITE],
    status_code=200,
    tags=["conversations"],
)
async def reopen(conversation_id: FromPath[str], caller: TheCaller, room: TheRoom) -> QueueRow:
    """Put a conversation back into the queue."""
    return await room.act(caller, lambda desk: service.reopen(desk, conversation_id))


@post(
    "/conversations/{conversation_id:str}/read",
    guards=[WRITE],
    status_code=200,
    tags=["conversations"],
)
async def mark_read(
    conversation_id: FromPath[str], data: JSONBody[ReadUpTo], caller: TheCaller, room: TheRoom
) -> QueueRow:
    """Note that the timeline was seen up to a number."""
    return await room.act(
        caller, lambda desk: service.read(desk, conversation_id, data.seq, room.channel_of)
    )


@put("/conversations/{conversation_id:str}/labels", guards=[WRITE], tags=["conversations"])
async def set_labels(
    conversation_id: FromPath[str], data: JSONBody[LabelChoice], caller: TheCaller, room: TheRoom
) -> QueueRow:
    """Make these the labels of a conversation."""
    return await room.act(
        caller, lambda desk: service.set_labels(desk, conversation_id, data.label_ids)
    )


@patch("/messages/{message_id:str}", guards=[WRITE], tags=["conversations"])
async def edit_message(
    message_id: FromPath[str], data: JSONBody[MessageEdit], caller: TheCaller, room: TheRoom
) -> MessageView:
    """Change the text of our message, here and at the platform."""
    return await room.act(
        caller,
        lambda desk: service.edit(desk, message_id, data.text, data.entities, room.channel_of),
    )


@delete("/messages/{message_id:str}", guards=[WRITE], status_code=200, tags=["conversations"])
async def delete_message(
    message_id: FromPath[str], caller: TheCaller, room: TheRoom
) -> MessageView:
    """Take our message back, here and at the platform."""
    return await room.act(caller, lambda desk: service.delete(desk, message_id, room.channel_of))


@post("/messages/{message_id:str}/retry", guards=[WRITE], status_code=200, tags=["conversations"])
async def retry_message(message_id: FromPath[str], caller: TheCaller, room: TheRoom) -> MessageView:
    """Send a failed or uncertain message again, because a person says so."""
    return await room.act(caller, lambda desk: service.retry(desk, message_id))


@post("/messages/{message_id:str}/settle", guards=[WRITE], status_code=200, tags=["conversations"])
async def settle_message(
    message_id: FromPath[str], caller: TheCaller, room: TheRoom
) -> MessageView:
    """Say of an uncertain message that it did arrive."""
    return await room.act(caller, lambda desk: service.settle(desk, message_id))


@put("/messages/{message_id:str}/reaction", guards=[WRITE], tags=["conversations"])
async def react(
    message_id: FromPath[str], data: JSONBody[ReactionChoice], caller: TheCaller, room: TheRoom
) -> MessageView:
    """Set our reaction on a message; an empty emoji takes it away."""
    return await room.act(
        caller, lambda desk: service.react(desk, message_id, data.emoji, room.channel_of)
    )


@get("/stickers", guards=[READ], tags=["conversations"])
async def list_stickers(caller: TheCaller, room: TheRoom) -> list[queries.StickerView]:
    """Show the newest stickers of the account, to send them again."""
    return await room.look(lambda c: queries.stickers(c, caller.account_id, 40))


@get("/labels", guards=[READ], tags=["labels"])
async def list_labels(caller: TheCaller, room: TheRoom) -> list[LabelView]:
    """Show the account's labels."""
    return await room.look(lambda c: labels.of_account(c, caller.account_id))


@post("/labels", guards=[WRITE], tags=["labels"])
async def add_label(data: JSONBody[NewLabel], caller: TheCaller, room: TheRoom) -> LabelView:
    """Add a label."""
    return await room.act(caller, lambda desk: labels.add(desk, data))


@patch("/labels/{label_id:str}", guards=[WRITE], tags=["labels"])
async def change_label(
    label_id: FromPath[str], data: JSONBody[NewLabel], caller: TheCaller, room: TheRoom
) -> LabelView:
    """Rename or recolour a label."""
    return await room.act(caller, lambda desk: labels.change(desk, label_id, data))


@delete("/labels/{label_id:str}", guards=[WRITE], tags=["labels"])
async def delete_label(label_id: FromPath[str], caller: TheCaller, room: TheRoom) -> None:
    """Remove a label."""
    await room.act(caller, lambda desk: labels.remove(desk, label_id))


def conversations_router(room: Room) -> Router:
    """Give the routes of conversations."""
    return Router(
        path="/api/v1",
        route_handlers=[
            list_conversations,
            get_conversation,
            list_messages,
            send_message,
            preview_message,
            add_note,
            assign,
            resolve,
            reopen,
            mark_read,
            set_labels,
            edit_message,
            delete_message,
            retry_message,
            settle_message,
            react,
            list_stickers,
            list_labels,
            add_label,
            change_label,
            delete_label,
        ],
        dependencies={"room": Provide(lambda: room, sync_to_thread=False)},
    )
