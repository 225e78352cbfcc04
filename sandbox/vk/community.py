"""A community: its callback servers, its long poll, what it uploaded and sent."""

import secrets
from dataclasses import dataclass, field

import msgspec

from sandbox.courier import Parcel, Rules, Tried
from sandbox.message import Kind
from sandbox.orders import NewAccount
from sandbox.world import Account, Chat, World

VERSION = "5.199"
_EVENTS = """message_new message_reply message_edit message_allow message_deny message_read
    message_typing_state message_event message_reaction_event messages_edit group_join group_leave
    user_block user_unblock market_order_new market_order_edit market_comment_new lead_forms_new
    vkpay_transaction app_payload wall_post_new wall_reply_new photo_comment_new video_comment_new
    board_post_new like_add like_remove poll_vote_new"""
EVENTS = frozenset(_EVENTS.split())
_FIRST_GROUP = 220_000_001
_TRIES = 8


@dataclass
class Server:
    """One of up to ten callback servers; `status`: unconfigured, wait, ok or failed."""

    id: int
    url: str
    title: str
    secret: str
    status: str = "wait"
    version: str = VERSION
    events: dict[str, int] = field(default_factory=dict)

    @property
    def card(self) -> dict[str, object]:
        return {
            "id": self.id,
            "title": self.title,
            "creator_id": 1,
            "url": self.url,
            "secret_key": self.secret,
            "status": self.status,
        }


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """An upload: its address was given out; `file_id` once the bytes have come."""

    key: str
    type: str
    hash: str = ""
    file_id: str = ""


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A photo or document that can be attached by its name."""

    number: int
    access_key: str
    file_id: str
    kind: Kind
    type: str


@dataclass
class Community(Account):
    """An account of VK; its id is the number of the group."""

    code: str = ""
    """What VK asks a server for; another one after every confirmation."""
    rights: set[str] = field(default_factory=lambda: {"messages", "manage", "photos", "docs"})
    bot_features: bool = True
    servers: dict[int, Server] = field(default_factory=dict)
    poll_events: dict[str, int] = field(default_factory=dict)
    poll_on: bool = False
    poll_key: str = ""
    tickets: dict[str, Ticket] = field(default_factory=dict)
    stored: dict[str, Stored] = field(default_factory=dict)
    """By name: photo-1_2."""
    sent: dict[tuple[str, int], str] = field(default_factory=dict)
    """Message ids by peer and random_id."""
    mailbox: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def group(self) -> int:
        return int(self.id)

    def mail_id(self, chat: Chat, message_id: str) -> int:
        """The number of a message in the community's whole mailbox."""
        key = (chat.address, message_id)
        if key not in self.mailbox:
            self.mailbox[key] = self.number("mailbox")
        return self.mailbox[key]

    def push(self, parcel: Parcel) -> None:
        """Give an event to every server that has it ticked, each with its own secret.

        An injected body (of no chat) goes to all of them as it is, but for the secret.
        """
        if not parcel.chat or self.poll_events.get(parcel.kind):
            self.events.add(parcel.kind, parcel.body)
        for server in self.servers.values():
            if server.status == "ok" and (not parcel.chat or server.events.get(parcel.kind)):
                sealed = msgspec.structs.replace(parcel, body=_sealed(parcel.body, server))
                self.courier(str(server.id)).push(sealed)

    def happened(self, chat: Chat, kind: str, told: object) -> Parcel:
        """An event of this community."""
        event = {
            "group_id": self.group,
            "type": kind,
            "event_id": secrets.token_hex(20),
            "v": VERSION,
            "object": told,
        }
        body = msgspec.json.encode(event)
        return Parcel(body=body, kind=kind, queue=chat.address, chat=chat.address)

    async def confirm(self, server: Server) -> None:
        """Ask a server for the code; deliver to it when it knows it."""
        self.drop_courier(str(server.id))
        courier = self.courier(str(server.id))
        body = {"type": "confirmation", "group_id": self.group}
        if server.secret:
            body["secret"] = server.secret
        tried = await courier.ask("POST", server.url, body=msgspec.json.encode(body))
        if tried.status != 200 or tried.body.decode("utf-8", "replace") != self.code:
            server.status = "failed"
            self.drop_courier(str(server.id))
            return
        server.status = "ok"
        self.code = secrets.token_hex(4)

        def give_up(_parcel: Parcel, _tried: Tried) -> None:
            server.status = "failed"
            self.drop_courier(str(server.id))

        courier.open(server.url, Rules(taken=_taken, wait_s=_wait_s, sign=_counted,
                                       on_given_up=give_up))  # fmt: skip


def new_community(world: World, ask: NewAccount) -> Community:
    """A community with all rights and no servers yet."""
    number = ask.id or str(_FIRST_GROUP + len(world.accounts))
    return Community(
        id=number,
        token=ask.token or f"vk1.a.{secrets.token_urlsafe(48)}",
        title=ask.title,
        username=ask.username or f"tea_bridge_{number}",
        secrets=dict(ask.secrets),
        settings=dict(ask.settings),
        shared=world.shared,
        platform_id=world.platform_id,
        code=secrets.token_hex(4),
        poll_key=secrets.token_hex(20),
    )


def of(account: Account) -> Community:
    """The account as what every account of VK is."""
    if not isinstance(account, Community):
        raise TypeError(f"{account.id} is not a community")
    return account


def _sealed(body: bytes, server: Server) -> bytes:
    bare = body.rstrip()
    if not server.secret or not bare.endswith(b"}") or bare == b"{}":
        return body
    return bare[:-1] + b',"secret":' + msgspec.json.encode(server.secret) + b"}"


def _taken(tried: Tried) -> bool:
    return tried.status == 200 and tried.body == b"ok"


def _wait_s(tried: Tried) -> float | None:
    told = tried.headers.get("retry-after", "")
    if tried.status == 410 or tried.attempt >= _TRIES:
        return None
    return float(told) if told.isdecimal() else 5.0 * 2.0 ** (tried.attempt - 1)


def _counted(_body: bytes, attempt: int) -> dict[str, str]:
    return {"X-Retry-Counter": str(attempt - 1)} if attempt > 1 else {}
