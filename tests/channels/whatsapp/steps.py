"""What the tests of WhatsApp's two ends do again and again."""

from otklik.ports.channel import (
    ChannelEvent,
    Connected,
    InboxConfig,
    MessageReceived,
    Refusal,
    Sent,
    Subscribed,
)
from tests.channels.kit.line import Line


async def check(line: Line, config: InboxConfig | None = None) -> Connected | Refusal:
    return await line.walk(lambda answers: line.connect.check(config or line.config, answers))


async def step(line: Line, name: str) -> Subscribed | Refusal:
    asked = getattr(line.connect, name)
    ended: Subscribed | Refusal = await line.walk(
        lambda answers: asked(line.config, line.hook, answers)
    )
    return ended


async def said(line: Line, act: str = "text", **parts: object) -> MessageReceived:
    await line.act(act, **parts)
    (event,) = await line.events(1)
    assert isinstance(event, MessageReceived), event
    return event


async def one(line: Line, act: str, **parts: object) -> ChannelEvent:
    await line.act(act, **parts)
    (event,) = await line.events(1)
    return event


async def met(line: Line) -> str:
    return (await said(line, text="Ау")).sender.external_id


async def shown(line: Line, outcome: Sent) -> dict[str, object]:
    """The message as the phone shows it, once its statuses have come."""
    await line.events(2)
    messages = {message["id"]: message for message in await line.phone()}
    return messages[outcome.external_ids[0]]
