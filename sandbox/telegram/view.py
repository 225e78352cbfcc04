"""How chats, people and bots are shown to those who watch."""

import time
from collections.abc import Iterator, Mapping

import msgspec

from sandbox.telegram.control_acts import ACTS
from sandbox.telegram.markup import Markup
from sandbox.telegram.webhook import Courier
from sandbox.telegram.wire import Chat, Message, User
from sandbox.telegram.world import Answered, Bot, Person, Thread, World
from sandbox.view import AccountCard, ChatCard, PlatformCard

_REACTIONS = ("👍", "❤", "🔥", "🎉", "😁", "🤔")


class PersonCard(msgspec.Struct, frozen=True):
    user: User
    phone: str
    deactivated: bool


class BotCard(msgspec.Struct, frozen=True, kw_only=True):
    """A bot and where its updates go; counts since the start."""

    token: str
    user: User
    webhook: str | None
    pending: int
    updates: int
    delivered: int
    filtered: int
    expired: int
    calls: int
    chats: int
    lively: bool


class ChatView(msgspec.Struct, frozen=True, kw_only=True):
    """A chat as the person sees it."""

    chat: Chat
    messages: list[Message]
    delivered: list[int]
    reactions: dict[int, dict[int, list[str]]]
    keyboard: Markup | None
    action: str | None
    blocked: bool
    answers: list[Answered]


def person_card(person: Person) -> PersonCard:
    return PersonCard(person.user, person.phone, person.deactivated)


def bot_card(bot: Bot, courier: Courier | None) -> BotCard:
    updates = bot.updates
    return BotCard(
        token=bot.token,
        user=bot.user,
        webhook=courier.settings.url if courier else None,
        pending=len(updates.pending),
        updates=updates.total,
        delivered=courier.delivered if courier else 0,
        filtered=updates.filtered,
        expired=updates.expired,
        calls=bot.journal_seq,
        chats=len(bot.threads),
        lively=bot.lively,
    )


def chat_view(thread: Thread) -> ChatView:
    acting = thread.action if thread.action_until > time.time() else None
    return ChatView(
        chat=thread.chat,
        messages=list(thread.messages.values()),
        delivered=sorted(thread.delivered),
        reactions=thread.reactions,
        keyboard=thread.keyboard,
        action=acting,
        blocked=thread.blocked,
        answers=thread.answers,
    )


def platform_card(world: World, couriers: Mapping[str, Courier]) -> PlatformCard:
    """Telegram among the messengers; its chats have orders of their own."""
    cards = [bot_card(bot, couriers.get(bot.token)) for bot in world.bots.values()]
    accounts = [
        AccountCard(
            id=str(card.user.id),
            token=card.token,
            title=card.user.first_name,
            username=card.user.username or "",
            webhooks={"": card.webhook} if card.webhook else {},
            pending=card.pending,
            delivered=card.delivered,
            calls=card.calls,
            chats=card.chats,
            lively=card.lively,
        )
        for card in cards
    ]
    return PlatformCard(
        id="telegram",
        title="Telegram",
        acts=list(ACTS),
        reactions=list(_REACTIONS),
        accounts=accounts,
    )


def chat_cards(world: World) -> Iterator[ChatCard]:
    """Every private chat of Telegram there is."""
    for bot in world.bots.values():
        for thread in bot.threads.values():
            newest = next(reversed(thread.messages.values()), None)
            if thread.person is not None:
                yield ChatCard(
                    platform="telegram",
                    account=str(bot.user.id),
                    person=thread.person.user.id,
                    at=float(newest.date) if newest else 0.0,
                )
