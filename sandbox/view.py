"""How chats, accounts and messengers are shown to those who watch."""

from collections.abc import Iterable, Iterator

import msgspec

from sandbox.acts import known
from sandbox.message import Keyboard, Message, Notice
from sandbox.platform import Platform
from sandbox.world import Account, Chat, Person, World


class AccountCard(msgspec.Struct, frozen=True, kw_only=True):
    """An account and where its events go; counts since the start."""

    id: str
    token: str
    title: str
    username: str
    secrets: dict[str, str] = {}
    settings: dict[str, str] = {}
    webhooks: dict[str, str] = {}
    pending: int
    delivered: int
    given_up: int = 0
    last_error: str = ""
    calls: int
    chats: int
    lively: bool
    revoked: bool = False


class PlatformCard(msgspec.Struct, frozen=True, kw_only=True):
    """A messenger and what one can do there."""

    id: str
    title: str
    acts: list[str]
    reactions: list[str]
    accounts: list[AccountCard]


class ChatCard(msgspec.Struct, frozen=True, kw_only=True):
    """That a person has a chat; `at`: the newest message, seconds since the epoch, 0 for none."""

    platform: str
    account: str
    person: int
    at: float


class ChatView(msgspec.Struct, frozen=True, kw_only=True):
    """A chat as the person sees it; times in seconds since the epoch."""

    person: Person
    address: str
    messages: list[Message]
    keyboard: Keyboard | None
    notices: list[Notice]
    action: str
    blocked: bool
    started: bool
    inbound_at: float


def account_card(account: Account) -> AccountCard:
    couriers = account.couriers
    return AccountCard(
        id=account.id,
        token=account.token,
        title=account.title,
        username=account.username,
        secrets=account.secrets,
        settings=account.settings,
        webhooks={name: courier.url for name, courier in couriers.items()},
        pending=sum(courier.pending for courier in couriers.values()),
        delivered=sum(courier.delivered for courier in couriers.values()),
        given_up=sum(courier.given_up for courier in couriers.values()),
        last_error=next((c.last_error for c in couriers.values() if c.last_error), ""),
        calls=account.calls,
        chats=len(account.chats),
        lively=account.lively,
        revoked=account.revoked,
    )


def platform_card(platform: Platform, world: World) -> PlatformCard:
    return PlatformCard(
        id=platform.id,
        title=platform.title,
        acts=known(platform),
        reactions=list(platform.reactions),
        accounts=[account_card(account) for account in world.accounts.values()],
    )


def chat_view(chat: Chat) -> ChatView:
    return ChatView(
        person=chat.person,
        address=chat.address,
        messages=list(chat.messages.values()),
        keyboard=chat.keyboard,
        notices=chat.notices,
        action=chat.action,
        blocked=chat.blocked,
        started=chat.started,
        inbound_at=chat.inbound_at,
    )


def chat_cards(worlds: Iterable[World]) -> Iterator[ChatCard]:
    """Every chat there is."""
    for world in worlds:
        for account in world.accounts.values():
            for chat in account.chats.values():
                newest = next(reversed(chat.messages.values()), None)
                yield ChatCard(
                    platform=world.platform_id,
                    account=account.id,
                    person=chat.person.id,
                    at=newest.at if newest else 0.0,
                )
