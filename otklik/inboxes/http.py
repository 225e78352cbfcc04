"""Inboxes over HTTP: connect, change, remove. A credential is tried before it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
import structlog
from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody, SkipValidation
from sqlalchemy import Connection

from otklik.accounts.http import TheCaller
from otklik.accounts.types import Scope
from otklik.events.api import Journal, Ledger
from otklik.inboxes import channels, listing, rules, service, store
from otklik.inboxes.channels import ChannelView
from otklik.inboxes.registry import InboxRegistry, opened
from otklik.inboxes.types import Inbox, InboxState, InboxView
from otklik.kernel.clock import Clock
from otklik.kernel.errors import ConflictError, InvalidError, NotFoundError
from otklik.kernel.ids import new_secret
from otklik.platform.secret_box import SecretBox
from otklik.platform.web import require
from otklik.ports.channel import (
    Channel,
    Connect,
    Connected,
    InboxConfig,
    Refusal,
    RefusalKind,
)
from otklik.ports.steps import Ask, converse

_log = structlog.get_logger("otklik.inboxes")

_PASSING = frozenset({RefusalKind.TEMPORARY, RefusalKind.UNCERTAIN, RefusalKind.THROTTLED})
_LESSONS = 4
"""How often a platform may tell something new before it delivers to us."""


@dataclass(frozen=True, slots=True)
class Switchboard:
    """What the handlers of inboxes work with."""

    journal: Journal
    registry: InboxRegistry
    channels: Mapping[str, Channel]
    box: SecretBox
    clock: Clock
    ask: Ask
    public_url: str

    def address_of(self, channel: str, public_key: str) -> str:
        """Give where the platform delivers to; empty without a public address."""
        if self.channels[channel].connect is None or not self.public_url:
            return ""
        return f"{self.public_url.rstrip('/')}/hooks/{public_key}"

    async def check(self, connect: Connect, config: InboxConfig) -> Connected | Refusal:
        """Ask the platform whether a credential works."""
        return await converse(self.ask, lambda answers: connect.check(config, answers))


TheBoard = NamedDependency[SkipValidation[Switchboard]]


class NewInbox(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An inbox to connect. Which settings and secrets: the channel's manifest."""

    channel: str
    title: Annotated[str, msgspec.Meta(max_length=80)] = ""
    settings: dict[str, str] = {}
    secrets: dict[str, str] = {}


class InboxPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to change of an inbox; settings and secrets are merged by name."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=80)] | None = None
    settings: dict[str, str] | None = None
    secrets: dict[str, str] | None = None
    state: Literal["active", "paused"] | None = None


class NewIdentitySecret(msgspec.Struct, frozen=True):
    """A fresh identity secret; this is the only time it is shown."""

    identity_secret: str


@get("/inboxes", guards=[require(Scope.INBOXES_READ)], tags=["inboxes"])
async def list_inboxes(caller: TheCaller, board: TheBoard) -> list[InboxView]:
    """Show the account's inboxes with their state."""

    def look(connection: Connection) -> list[InboxView]:
        return [_shown(row, board) for row in store.of_account(connection, caller.account_id)]

    return await board.journal.database.read(look)


@get("/channels", guards=[require(Scope.INBOXES_READ)], tags=["inboxes"])
async def list_channels(board: TheBoard) -> list[ChannelView]:
    """Show every channel an inbox can be connected to, with its guide and limits."""
    return [channels.view(channel) for channel in board.channels.values()]


@post("/inboxes", guards=[require(Scope.INBOXES_WRITE)], tags=["inboxes"])
async def connect_inbox(data: JSONBody[NewInbox], caller: TheCaller, board: TheBoard) -> InboxView:
    """Connect an inbox: the credential is tried at the platform first."""
    return await connect(board, caller.account_id, data)


async def connect(board: Switchboard, account_id: str, wish: NewInbox) -> InboxView:
    """Try a credential and store the inbox."""
    channel = board.channels.get(wish.channel)
    if channel is None:
        names = ", ".join(board.channels)
        raise InvalidError(
            f"There is no such channel. There are: {names}.",
            f"Такого канала нет. Есть: {names}.",
            field="channel",
        )
    _refuse_unknown(channel, wish.settings, wish.secrets)
    secrets = {**_made_secrets(channel), **wish.secrets}
    config = InboxConfig("", wish.settings, secrets)
    title, settings = wish.title, dict(wish.settings)
    if channel.connect is not None:
        connected = await tried(board, channel, config)
        title = title or connected.title
        settings |= dict(connected.settings)
    stored = service.InboxWish(
        wish.channel,
        title or channel.manifest.title,
        settings,
        secrets,
        # Until the platform delivers to it, nobody else is to subscribe it.
        InboxState.PAUSED if _subscribes(channel, board) else InboxState.ACTIVE,
    )
    now = board.clock.now_ms()
    inbox = await board.journal.write(
        [account_id],
        lambda connection, ledger: service.create(
            service.Hands(connection, ledger, board.box, now), account_id, stored
        ),
    )
    await board.registry.reload()
    address = board.address_of(inbox.channel, inbox.public_key)
    refusal = await _subscribed(board, channel, inbox, address)
    if refusal is not None:
        await _forget(board, inbox)
        raise channels.refused(channel, refusal)
    if stored.state is InboxState.PAUSED:
        await _change(board, inbox, service.InboxChange(state=InboxState.ACTIVE))
    inbox = board.registry.by_id(inbox.id) or inbox
    await listing.listed_anew(board.ask, board.journal, channel, inbox, board.clock.now_ms())
    return service.view(inbox, address=address)


async def _subscribed(
    board: Switchboard, channel: Channel, inbox: Inbox, address: str
) -> Refusal | None:
    """Have the platform deliver to a new inbox, which answers its handshake; None: it does.

    What may pass by itself is no reason to refuse the inbox: it is kept subscribed later.
    """
    subscribe = None if channel.connect is None else channel.connect.subscribe
    if subscribe is None or not address:
        return None
    for _ in range(_LESSONS):
        config = (board.registry.by_id(inbox.id) or inbox).config
        ended = await converse(
            board.ask,
            lambda answers, config=config: subscribe(config, address, answers),  # type: ignore[misc]
        )
        if isinstance(ended, Refusal):
            return None if ended.kind in _PASSING else ended
        news = {k: v for k, v in ended.settings.items() if config.settings.get(k) != v}
        if not news:
            return None
        await _change(board, inbox, service.InboxChange(settings=news))
    return Refusal(RefusalKind.OTHER, detail="the platform tells something new each time")


def _subscribes(channel: Channel, board: Switchboard) -> bool:
    return bool(channel.connect and channel.connect.subscribe and board.public_url)


async def _change(board: Switchboard, inbox: Inbox, change: service.InboxChange) -> None:
    """Change an inbox that is being connected."""
    now = board.clock.now_ms()
    await board.journal.write(
        [inbox.account_id],
        lambda connection, ledger: service.change(
            service.Hands(connection, ledger, board.box, now),
            service.find(connection, board.box, inbox.account_id, inbox.id),
            change,
        ),
    )
    await board.registry.reload()


async def _forget(board: Switchboard, inbox: Inbox) -> None:
    """Take back an inbox its platform will not deliver to."""
    now = board.clock.now_ms()
    await board.journal.write(
        [inbox.account_id],
        lambda connection, ledger: service.remove(
            service.Hands(connection, ledger, board.box, now), inbox.account_id, inbox.id
        ),
    )
    await board.registry.reload()


@patch("/inboxes/{inbox_id:str}", guards=[require(Scope.INBOXES_WRITE)], tags=["inboxes"])
async def change_inbox(
    inbox_id: FromPath[str], data: JSONBody[InboxPatch], caller: TheCaller, board: TheBoard
) -> InboxView:
    """Change an inbox; new secrets are tried first."""
    inbox = await board.journal.database.read(
        lambda connection: service.find(connection, board.box, caller.account_id, inbox_id)
    )
    channel = board.channels[inbox.channel]
    _refuse_unknown(channel, data.settings or {}, data.secrets or {})
    state = None if data.state is None else InboxState(data.state)
    if data.secrets and channel.connect is not None:
        merged = {**inbox.config.secrets, **data.secrets}
        settings = {**inbox.config.settings, **(data.settings or {})}
        connected = await tried(board, channel, InboxConfig(inbox.id, settings, merged))
        _refuse_another(inbox, connected)
        state = state or InboxState.ACTIVE
    now = board.clock.now_ms()
    await board.journal.write(
        [caller.account_id],
        lambda connection, ledger: service.change(
            service.Hands(connection, ledger, board.box, now),
            service.find(connection, board.box, caller.account_id, inbox_id),
            service.InboxChange(data.title, data.settings, data.secrets, state),
        ),
    )
    await board.registry.reload()
    return await board.journal.database.read(
        lambda connection: _one(connection, caller.account_id, inbox_id, board)
    )


@delete("/inboxes/{inbox_id:str}", guards=[require(Scope.INBOXES_WRITE)], tags=["inboxes"])
async def remove_inbox(inbox_id: FromPath[str], caller: TheCaller, board: TheBoard) -> None:
    """Disconnect an inbox, at its platform too where that answers; its conversations stay."""
    now = board.clock.now_ms()
    inbox = await board.journal.write(
        [caller.account_id],
        lambda connection, ledger: service.remove(
            service.Hands(connection, ledger, board.box, now), caller.account_id, inbox_id
        ),
    )
    await board.registry.reload()
    await _unsubscribe(inbox, board)


async def _unsubscribe(inbox: Inbox, board: Switchboard) -> None:
    """Stop deliveries to our address; one that goes on is answered with 404 and ends in time."""
    connect = board.channels[inbox.channel].connect
    unsubscribe = None if connect is None else connect.unsubscribe
    address = board.address_of(inbox.channel, inbox.public_key)
    if unsubscribe is None or not address or _is_shared(inbox, board):
        return
    ended = await converse(board.ask, lambda answers: unsubscribe(inbox.config, address, answers))
    if isinstance(ended, Refusal):
        _log.info("inbox.still_subscribed", inbox=inbox.id, kind=ended.kind.value)


def _is_shared(inbox: Inbox, board: Switchboard) -> bool:
    """Tell whether the same bot is connected once more: its deliveries go on."""
    return any(
        one.channel == inbox.channel and _whose(one) == _whose(inbox)
        for one in board.registry.all()
    )


def _whose(inbox: Inbox) -> tuple[str, dict[str, str]]:
    """Name the bot, page or number of an inbox: one token may serve several numbers."""
    ids = {name: v for name, v in inbox.config.settings.items() if name.endswith("_id")}
    return inbox.config.secrets.get("token", ""), ids


@post(
    "/inboxes/{inbox_id:str}/identity-secret",
    guards=[require(Scope.INBOXES_WRITE)],
    status_code=200,
    tags=["inboxes"],
)
async def renew_identity_secret(
    inbox_id: FromPath[str], caller: TheCaller, board: TheBoard
) -> NewIdentitySecret:
    """Make a new identity secret and show it once; the old one stops working."""
    made = NewIdentitySecret(new_secret())
    now = board.clock.now_ms()

    def work(connection: Connection, ledger: Ledger) -> None:
        inbox = service.find(connection, board.box, caller.account_id, inbox_id)
        if "identity_secret" not in board.channels[inbox.channel].manifest.secrets:
            raise ConflictError(
                "People prove themselves otherwise here: this channel has no such secret.",
                "Этому каналу такой секрет не нужен: людей называет сам мессенджер.",
            )
        hands = service.Hands(connection, ledger, board.box, now)
        secrets = {"identity_secret": made.identity_secret, "identity_secret_previous": ""}
        service.change(hands, inbox, service.InboxChange(secrets=secrets))

    await board.journal.write([caller.account_id], work)
    await board.registry.reload()
    return made


def inboxes_router(board: Switchboard) -> Router:
    """Give the routes of inboxes."""
    return Router(
        path="/api/v1",
        route_handlers=[
            list_channels,
            list_inboxes,
            connect_inbox,
            change_inbox,
            remove_inbox,
            renew_identity_secret,
        ],
        dependencies={"board": Provide(lambda: board, sync_to_thread=False)},
    )


async def tried(board: Switchboard, channel: Channel, config: InboxConfig) -> Connected:
    """Ask the platform whether a credential works; raises `InvalidError` with the remedy."""
    if channel.connect is None:
        return Connected(channel.manifest.title, {})
    channels.refuse_incomplete(channel, config)
    answer = await board.check(channel.connect, config)
    if isinstance(answer, Connected):
        return answer
    raise channels.refused(channel, answer)


def _refuse_another(inbox: Inbox, connected: Connected) -> None:
    """Refuse the token of another bot: its numbers would collide with those stored here."""
    for name, value in connected.settings.items():
        if name.endswith("_id") and inbox.config.settings.get(name, value) != value:
            raise InvalidError(
                "This token belongs to another bot. Connect it as a new inbox.",
                "Это токен другого бота. Подключите его отдельно.",
                field="secrets.token",
            )


def _refuse_unknown(
    channel: Channel, settings: Mapping[str, str], secrets: Mapping[str, str]
) -> None:
    _refuse_bad_pace(settings)
    kinds = (("settings", settings, channel.manifest.settings),)
    for place, given, known in (*kinds, ("secrets", secrets, channel.manifest.secrets)):
        for name in given:
            if name not in {*known, *_EVERY_INBOX}:
                raise InvalidError(
                    f"{channel.manifest.title} has no such setting. It has: {', '.join(known)}.",
                    f"У {channel.manifest.title} нет такой настройки. Есть: {', '.join(known)}.",
                    field=f"{place}.{name}",
                )


_EVERY_INBOX = frozenset({"auto_answer", "auto_answer_when", *rules.PACE_SETTINGS})


def _refuse_bad_pace(settings: Mapping[str, str]) -> None:
    for name in rules.PACE_SETTINGS:
        if settings.get(name) and rules.read_rate(settings[name]) is None:
            raise InvalidError(
                "Give messages per second as a number above zero, or nothing for the channel's.",
                "Укажите число сообщений в секунду больше нуля или оставьте пустым.",
                field=f"settings.{name}",
            )


def _made_secrets(channel: Channel) -> dict[str, str]:
    """Make the secrets that we choose ourselves."""
    ours = {"webhook_secret", "identity_secret", "verify_token", "vapid_key", "signing_secret"}
    return {name: new_secret() for name in channel.manifest.secrets if name in ours}


def _one(connection: Connection, account_id: str, inbox_id: str, board: Switchboard) -> InboxView:
    row = store.one(connection, account_id, inbox_id)
    if row is None:
        raise NotFoundError
    return _shown(row, board)


def _shown(row: store.InboxRow, board: Switchboard) -> InboxView:
    return service.view(
        opened(row, board.box),
        address=board.address_of(row.channel, row.public_key),
    )
