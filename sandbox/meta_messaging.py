"""A page of Messenger or an account of Instagram at Meta: who it is, who listens, what it has."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

import msgspec

from sandbox import meta
from sandbox.courier import Parcel, Rules, Tried
from sandbox.message import File
from sandbox.orders import NewAccount
from sandbox.platform import Call
from sandbox.world import Account, Chat, Person, World

_PAGE_FIELD_NAMES = """messages message_echoes message_edits message_reactions message_reads
    message_deliveries messaging_postbacks messaging_referrals messaging_optins messaging_handovers
    standby messaging_policy_enforcement messaging_account_linking messaging_feedback
    response_feedback send_cart messenger_template_status_update feed"""
PAGE_FIELDS = frozenset(_PAGE_FIELD_NAMES.split())
DAY_S = 86_400.0
HOUR_S = 3_600.0


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """In what the two differ at Meta's side; `window` and the like are code and subcode."""

    id: str
    object: str
    subscribable: frozenset[str]
    fields: Mapping[str, str]
    """Which field of the subscription tells each event."""
    own_host: bool
    """Accounts have tokens of their own login, beside those of pages."""
    text: int
    text_in_bytes: bool
    picture_bytes: int
    file_bytes: int = 25 * 1024 * 1024
    nobody: tuple[int, int]
    window: tuple[int, int]
    rate: tuple[int, int]
    message_fields: frozenset[str]
    actions: frozenset[str] = frozenset(
        {"typing_on", "typing_off", "mark_seen", "react", "unreact"}
    )
    reactions: frozenset[str] = frozenset()
    """Empty: any."""
    echo_app: str = ""
    """Which app an answer from the platform's own inbox comes from."""
    lasting_s: float
    """For how long a delivery is tried."""
    drops: bool
    """The app loses the account when a delivery was tried in vain for so long."""


class Comment(msgspec.Struct, kw_only=True):
    """A comment under a post, answered in private at most once."""

    id: str
    chat: Chat
    at: float
    answered: bool = False


@dataclass
class Listed(meta.MetaAccount):
    """A page or a professional account."""

    kind: Kind = field(kw_only=True)
    world: World = field(kw_only=True)
    page_id: str = ""
    app_fields: tuple[str, ...] = ()
    """What the app as a whole wants to hear."""
    uploads: dict[str, tuple[str, File]] = field(default_factory=dict)
    """Reusable attachments: their type and file by id."""
    profile: dict[str, object] = field(default_factory=dict)
    """The messenger profile: get_started, ice_breakers."""
    comments: dict[str, Comment] = field(default_factory=dict)
    restricted: bool = False

    @property
    def by_page(self) -> bool:
        return not (self.kind.own_host and self.token.startswith("IG"))

    @property
    def node(self) -> str:
        return self.page_id if self.by_page else self.id

    def of_app(self) -> "list[Listed]":
        """Every account that the same app serves: the app has one address for all of them."""
        accounts = [listed(one) for one in self.world.accounts.values()]
        return [one for one in accounts if one.app_id == self.app_id]

    def hears(self, event: str) -> bool:
        """Tell whether an event is delivered: app and account must both be subscribed to it."""
        wanted = self.kind.fields.get(event, event)
        mine = self.subscribed.get(self.app_id, ())
        through_page = self.kind.own_host and self.by_page  # the page then only lets them through
        return bool(mine) and wanted in self.app_fields and (through_page or wanted in mine)

    def address_of(self, file: File) -> str:
        """Where a file of a message is downloaded from; no token is needed."""
        return f"{self.shared.origin()}/{self.kind.id}/cdn/{self.id}/{file.id}/{_shown(file)}"

    def deliver(self, event: str, place: str, *items: object, **entry: object) -> None:
        """Tell the app, when it listens, of something that is not of one act."""
        if self.hears(event):
            body = self.body(place, *items, **entry)
            self.push(Parcel(body=body, kind=event, queue="*"))

    def body(self, place: str, *items: object, **entry: object) -> bytes:
        """One delivery about this account."""
        more = {place: list(items)} if place else {}
        one = {"id": self.id, "time": now_ms(), **more, **entry}
        return meta.escaped({"object": self.kind.object, "entry": [one]})

    def rules(self) -> Rules:
        """Some tries at once, then rarer ones; an hour in vain costs a page's subscription."""

        def wait_s(tried: Tried) -> float | None:
            pause_s = 0.0 if tried.attempt <= 3 else min(30.0 * 2 ** (tried.attempt - 4), HOUR_S)
            return pause_s if tried.age_s + pause_s < self.kind.lasting_s else None

        def let_go(_parcel: Parcel, _tried: Tried) -> None:
            if self.kind.drops:
                self.subscribed.pop(self.app_id, None)

        signed = meta.courier_rules(self, on_given_up=let_go)
        return msgspec.structs.replace(signed, wait_s=wait_s)


def _shown(file: File) -> str:
    name = file.name or "file"
    return f"audioclip-{file.id[:8]}-{name}" if file.kind == "voice" else name


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def listed(account: Account) -> Listed:
    """An account as what it is here."""
    assert isinstance(account, Listed)
    return account


def new_account(kind: Kind, world: World, ask: NewAccount) -> Listed:
    """A page or an account with an app of its own; what is not told is invented."""
    number = 1 + len(world.accounts)
    page = ask.settings.get("page_id", f"11000000000{number:04d}")
    account_id = ask.id or (f"1784140000000{number:04d}" if kind.own_host else page)
    return Listed(
        id=account_id,
        token=ask.token or ("IGAA" if kind.own_host else "EAA") + secrets.token_hex(16),
        title=ask.title,
        username=ask.username or f"tea.bridge.{number}",
        secrets={"app_secret": secrets.token_hex(16), **ask.secrets},
        settings=dict(ask.settings),
        shared=world.shared,
        platform_id=world.platform_id,
        app_id=ask.settings.get("app_id", f"99000000000{number:04d}"),
        kind=kind,
        world=world,
        page_id=page if kind.own_host else account_id,
    )


def find(kind: Kind, call: Call) -> Account | None:
    """Whose token a call carries: the account's, a renewed one's, or the app's own."""
    token = meta.shown_token(call)
    app_id, mark, secret = token.partition("|")
    accounts = [listed(account) for account in call.world.accounts.values()]
    if mark:
        found = next((one for one in accounts if one.app_id == app_id), None)
        return found if found is not None and _is_secret(found, secret) else None
    root = token.partition(".")[0]  # a renewed token is the first one with an ending
    known = next((one for one in accounts if root == one.token.partition(".")[0]), None)
    wanted = ("IG", "EAA") if kind.own_host else ("EAA",)
    if known is None and call.world.shared.open_to_all and token.startswith(wanted):
        secret_of_app = {"app_secret": ""}  # told by the first call of the app itself
        known = new_account(kind, call.world, NewAccount(token=token, secrets=secret_of_app))
        call.world.add(known)
    return known


def _is_secret(account: Listed, secret: str) -> bool:
    if account.shared.open_to_all and not account.secrets["app_secret"]:
        account.secrets["app_secret"] = secret
    return account.secrets["app_secret"] == secret


def address(account: Account, person: Person) -> str:
    """A person's number at one account: another account knows the same person by another one."""
    digest = sha256(f"{account.id}:{person.id}".encode()).digest()
    return str(6 * 10**15 + int.from_bytes(digest[:6]) % 10**15)


def next_id(kind: Kind) -> str:
    """The `mid` of a new message."""
    return (
        f"aWdfZAG1f{secrets.token_urlsafe(40)}"
        if kind.own_host
        else f"m_{secrets.token_urlsafe(24)}"
    )
