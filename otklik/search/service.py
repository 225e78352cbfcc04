"""Search: what is asked for, found and shown."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from otklik.contacts import api as contacts
from otklik.conversations import api as conversations
from otklik.conversations.types import MessageView
from otklik.events.types import Event, EventKind
from otklik.kernel.ids import ContactId
from otklik.search import store
from otklik.search.rules import snippet, words_of
from otklik.search.types import FoundContact, FoundMessage, SearchResult

_INDEXED = frozenset({EventKind.MESSAGE_CREATED, EventKind.MESSAGE_CHANGED})

_message = msgspec.json.Decoder(MessageView).decode


def search(connection: Connection, account_id: str, asked: str, limit: int) -> SearchResult:
    """Find contacts and messages of the account."""
    words = words_of(asked)
    if not words:
        return SearchResult([], [])
    return SearchResult(
        contacts=_contacts(connection, account_id, asked.strip(), limit),
        messages=_messages(connection, account_id, words, limit),
    )


def index(connection: Connection, account_id: str, news: Sequence[Event]) -> None:
    """Take the texts of announced messages into the index."""
    rows: dict[str, dict[str, object]] = {}
    gone: set[str] = set()
    for event in news:
        if event.kind not in _INDEXED:
            continue
        message = _message(bytes(event.body))
        rows.pop(message.id, None)
        if message.deleted_at is not None or not message.text:
            gone.add(message.id)
            continue
        gone.discard(message.id)
        rows[message.id] = {
            "message_id": message.id,
            "account_id": account_id,
            "contact_id": message.contact_id,
            "conversation_id": message.conversation_id,
            "seq": message.seq,
            "words": " ".join(words_of(message.text)),
        }
    if gone:
        store.forget_entries(connection, account_id, sorted(gone))
    store.store_entries(connection, list(rows.values()))


def _contacts(
    connection: Connection, account_id: str, asked: str, limit: int
) -> list[FoundContact]:
    found = []
    for row in contacts.by_name(connection, account_id, asked, limit):
        conversation = conversations.latest_of_contact(connection, account_id, row.id)
        if conversation is not None:
            found.append(
                FoundContact(ContactId(row.id), row.name, conversation.id, conversation.channel)
            )
    return found


def _messages(
    connection: Connection, account_id: str, words: list[str], limit: int
) -> list[FoundMessage]:
    ids = store.find(connection, account_id, words, limit)
    shown = conversations.messages_by_id(connection, account_id, ids)
    people = contacts.people_of_contacts(
        connection, account_id, {message.contact_id for message in shown}
    )
    names = {person.contact_id: person.contact_name for person in people}
    return [
        FoundMessage(
            message=message,
            conversation_id=message.conversation_id,
            contact_name=names.get(message.contact_id, ""),
            snippet=snippet(message.text, words),
        )
        for message in sorted(shown, key=lambda message: message.seq, reverse=True)
    ]
