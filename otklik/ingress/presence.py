"""Presence: who is typing, passed on at once and never stored."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Protocol

import msgspec
import structlog

from otklik.accounts.types import Caller
from otklik.kernel.errors import OtklikError

SHOWN_AGAIN_S = 4.0
"""Platforms show typing for about five seconds: telling them more often changes nothing."""

_KEPT = 10_000

_log = structlog.get_logger("otklik.live")
_encode = msgspec.json.Encoder().encode

Frame = dict[str, object]


class DeskLine(Protocol):
    """An operator's open socket."""

    account_id: str
    caller: Caller

    def follows(self, contact_id: str) -> bool:
        """Tell whether a contact concerns this socket."""
        ...

    def end(self) -> None:
        """Close the socket soon."""
        ...

    def whisper(self, who: str, frame: bytes) -> None:
        """Leave a frame to be written soon, without waiting for the socket."""
        ...


class VisitorLine(Protocol):
    """A visitor's open socket."""

    account_id: str
    contact_id: str

    def whisper(self, who: str, frame: bytes) -> None:
        """Leave a frame to be written soon, without waiting for the socket."""
        ...


OnOperatorTypes = Callable[[str, str], Awaitable[None]]
"""Told the account and contact an operator is typing to: shows it at the contact's platform."""


class Presence:
    """The open sockets of this process, to pass on what is only true for a moment.

    Nobody who types waits: not for a colleague's slow socket, not for a platform.
    """

    def __init__(self) -> None:
        self._desk: set[DeskLine] = set()
        self._visitors: dict[tuple[str, str], set[VisitorLine]] = {}
        self._shown_at: dict[tuple[str, str], float] = {}
        self._showing: set[asyncio.Task[None]] = set()
        self.on_operator_types: OnOperatorTypes | None = None

    def join(self, line: DeskLine) -> None:
        """Let an operator's socket in."""
        self._desk.add(line)

    def leave(self, line: DeskLine) -> None:
        """Let an operator's socket go."""
        self._desk.discard(line)

    def join_visitor(self, line: VisitorLine) -> None:
        """Let the socket of a visitor who is a contact in."""
        self._visitors.setdefault((line.account_id, line.contact_id), set()).add(line)

    def leave_visitor(self, line: VisitorLine) -> None:
        """Let a visitor's socket go."""
        key = (line.account_id, line.contact_id)
        lines = self._visitors.get(key, set())
        lines.discard(line)
        if not lines:
            self._visitors.pop(key, None)

    def end(self, credentials: Collection[str]) -> None:
        """Close the sockets of sign-ins and keys that are over."""
        for line in self._desk:
            if line.caller.credential in credentials:
                line.end()

    @property
    def credentials(self) -> set[str]:
        """Give what the open sockets were opened with."""
        return {line.caller.credential for line in self._desk}

    def operator_types(self, caller: Caller, conversation_id: str, contact_id: str) -> None:
        """Pass on that an operator types: to colleagues, to the visitor, to the platform."""
        message: Frame = {
            "kind": "typing",
            "conversation_id": conversation_id,
            "contact_id": contact_id,
            "operator_id": caller.operator_id,
            "name": caller.name,
        }
        who, frame = f"{conversation_id}:{caller.operator_id}", _encode(message)
        for line in self._desk:
            is_theirs = line.caller.operator_id == caller.operator_id
            if line.account_id == caller.account_id and not is_theirs and line.follows(contact_id):
                line.whisper(who, frame)
        lines = self._visitors.get((caller.account_id, contact_id), set())
        told = _encode({"kind": "typing", "name": caller.name})
        for visitor in lines:
            visitor.whisper(who, told)
        if not lines:
            self._show(caller.account_id, contact_id)

    def contact_types(
        self, account_id: str, conversation_id: str, contact_id: str, name: str, text: str
    ) -> None:
        """Pass on that a contact types, with the text so far where the channel tells it."""
        message: Frame = {
            "kind": "typing",
            "conversation_id": conversation_id,
            "contact_id": contact_id,
            "name": name,
        }
        if text:
            message["text"] = text
        frame = _encode(message)
        for line in self._desk:
            if line.account_id == account_id and line.follows(contact_id):
                line.whisper(contact_id, frame)

    def _show(self, account_id: str, contact_id: str) -> None:
        """Tell the platform in the background, now and then."""
        tell, now = self.on_operator_types, asyncio.get_running_loop().time()
        key = (account_id, contact_id)
        if tell is None or now - self._shown_at.get(key, -SHOWN_AGAIN_S) < SHOWN_AGAIN_S:
            return
        if len(self._shown_at) >= _KEPT:
            self._shown_at = {
                one: at for one, at in self._shown_at.items() if now - at < SHOWN_AGAIN_S
            }
        self._shown_at[key] = now
        task = asyncio.create_task(_told(tell, account_id, contact_id))
        self._showing.add(task)
        task.add_done_callback(self._showing.discard)


async def _told(tell: OnOperatorTypes, account_id: str, contact_id: str) -> None:
    try:
        await tell(account_id, contact_id)
    except OtklikError as error:
        _log.info("typing.not_shown", reason=error.code)
