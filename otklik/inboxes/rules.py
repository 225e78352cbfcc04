"""What an inbox's settings mean to everybody. Pure."""

from collections.abc import Mapping

from msgspec.structs import replace

from otklik.ports.channel import Limits

PACE_SETTINGS = ("rate_per_second", "rate_per_chat")
"""Messages per second, of the whole inbox and of one chat, in place of the channel's own."""

_MOST_PER_SECOND = 10_000.0


def read_rate(text: str) -> float | None:
    """Read a pace in messages per second; None when it is none."""
    try:
        rate = float(text)
    except ValueError:
        return None
    return rate if 0 < rate <= _MOST_PER_SECOND else None


def paced(limits: Limits, settings: Mapping[str, str]) -> Limits:
    """Give a channel's limits with the inbox's own pace; what is no pace is passed over."""
    whole, chat = (read_rate(settings.get(name, "")) for name in PACE_SETTINGS)
    if whole is None and chat is None:
        return limits
    return replace(
        limits,
        per_second=whole or limits.per_second,
        per_chat_per_second=chat or limits.per_chat_per_second,
        chat_burst=max(limits.chat_burst, int(chat or 0)),
    )
