"""What was said while nothing was delivered: conversations of Meta, fetched and put as deliveries.

Messages only: reactions, presses and read marks of that time are not told by this call.
"""

from collections.abc import Iterator

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from otklik.families import meta
from otklik.families.meta.messaging_wire import Moment, moment
from otklik.families.meta.subscribing import read_answer
from otklik.ports.channel import Answers, InboxConfig, Polled, Refusal, Request
from otklik.ports.errors import ErrorTable

_FIELDS = (
    "updated_time,messages.limit(25)"
    "{id,created_time,from,to,message,attachments{mime_type,image_data,video_data,file_url}}"
)
_PAGES, _ON_A_PAGE = 60, 25
"""No more is fetched at once than 1,500 conversations with 25 messages each."""
_APART_S = 0.5  # Meta takes two such calls a second
_PAUSE_S = 5.0
_TIMEOUT_S = 30.0


class Source(Struct, frozen=True):
    """Whose conversations: the node that has them, its host, and every number that is ours."""

    object: str
    platform: str
    node: str
    place: str
    ours: frozenset[str]
    errors: ErrorTable


class _Party(Struct, frozen=True):
    id: str | int = ""
    name: str = ""
    username: str = ""


class _Parties(Struct, frozen=True):
    all: tuple[_Party, ...] = field(name="data", default=())


class _Address(Struct, frozen=True):
    url: str = ""


class _File(Struct, frozen=True):
    mime_type: str = ""
    image_data: _Address | None = None
    video_data: _Address | None = None
    file_url: str = ""


class _Files(Struct, frozen=True):
    all: tuple[_File, ...] = field(name="data", default=())


class _Message(Struct, frozen=True):
    id: str
    created_time: Moment = 0
    from_: _Party | None = field(name="from", default=None)
    to: _Parties | None = None
    message: str = ""
    attachments: _Files | None = None


class _Messages(Struct, frozen=True):
    all: tuple[_Message, ...] = field(name="data", default=())


class _Conversation(Struct, frozen=True):
    updated_time: Moment = 0
    messages: _Messages | None = None


class _Cursors(Struct, frozen=True):
    after: str = ""


class _Paging(Struct, frozen=True):
    cursors: _Cursors | None = None
    next: str = ""


class _Page(Struct, frozen=True):
    conversations: tuple[_Conversation, ...] = field(name="data")
    paging: _Paging | None = None


def poll(
    config: InboxConfig, cursor: str, answers: Answers, source: Source
) -> Request | Polled | Refusal:
    """Fetch what was said since the cursor, the time of the newest known word in Unix ms.

    Without a cursor nothing is fetched but that time: an inbox begins with its connection.
    """
    since = int(cursor) if cursor.isascii() and cursor.isdigit() else 0
    if not answers:
        return _asked(config, source, since, "")
    pages: list[_Page] = []
    for answer in answers:
        page = read_answer(answer, _Page, source.errors)
        if isinstance(page, Refusal):
            return page
        pages.append(page)
    more = _more(pages[-1], since)
    if more and len(pages) < _PAGES:
        return _asked(config, source, since, more)
    found = [one for page in pages for one in page.conversations]
    newest = max((moment(one.updated_time) for one in found), default=0)
    bodies = [_body(one, since, source) for one in reversed(found)] if since else []
    return Polled(tuple(body for body in bodies if body), str(max(newest, since, 1)))


def _asked(config: InboxConfig, source: Source, since: int, after: str) -> Request:
    query = {"platform": source.platform, "fields": _FIELDS, "limit": str(_ON_A_PAGE)}
    if not since:
        query |= {"fields": "updated_time", "limit": "1"}
    if after:
        query["after"] = after
    path = f"{source.node}/conversations"
    request = meta.graph(config, "GET", path, query=query, host=source.place)
    wait_s = _APART_S if after else _PAUSE_S if since else 0.0
    return replace(request, timeout_s=_TIMEOUT_S, after_s=wait_s)


def _more(page: _Page, since: int) -> str:
    """Give where the next page begins; the newest conversations come first."""
    oldest = min((moment(one.updated_time) for one in page.conversations), default=0)
    paging = page.paging
    if not since or oldest < since or paging is None or not paging.next:
        return ""
    return paging.cursors.after if paging.cursors else ""


def _body(conversation: _Conversation, since: int, source: Source) -> bytes:
    messages = conversation.messages.all if conversation.messages else ()
    fresh = [one for one in messages if moment(one.created_time) >= since]
    items = [item for one in reversed(fresh) for item in _item(one, source)]
    if not items:
        return b""
    entry = {"id": min(source.ours, default=""), "messaging": items}
    return msgspec.json.encode({"object": source.object, "entry": [entry]})


def _item(message: _Message, source: Source) -> Iterator[dict[str, object]]:
    author = message.from_
    others = message.to.all if message.to else ()
    if author is None or not others:
        return  # Meta hides people who have not written for long
    told: dict[str, object] = {"mid": message.id}
    if message.message:
        told["text"] = message.message
    if message.attachments:
        told["attachments"] = [_attachment(file) for file in message.attachments.all]
    if str(author.id) in source.ours:
        told["is_echo"] = True
    yield {
        "sender": author,
        "recipient": others[0],
        "timestamp": moment(message.created_time),
        "message": told,
    }


def _attachment(file: _File) -> dict[str, object]:
    kind = file.mime_type.partition("/")[0]
    addresses = (file.image_data, file.video_data, _Address(file.file_url))
    url = next((address.url for address in addresses if address and address.url), "")
    return {
        "type": kind if kind in {"image", "video", "audio"} else "file",
        "payload": {"url": url},
    }
