"""The reply window: how long after a person's last message a platform lets us answer. Pure."""

from typing import Literal

from otklik.ports.channel import Window

OpenFor = Literal["open", "human", "closed"]


def open_for(window: Window, window_until: int, now: int) -> OpenFor:
    """Tell who may still answer: anyone, only a person, or nobody without a template.

    `window_until` is when the window closes for programs, `now` the present, both Unix ms.
    """
    if not window.reply_s or now < window_until:
        return "open"
    return "human" if window_until and now < closes_at(window, window_until) else "closed"


def closes_at(window: Window, window_until: int) -> int:
    """Give when the window closes for a person of ours too (Unix ms)."""
    return window_until + max(window.human_s - window.reply_s, 0) * 1000
