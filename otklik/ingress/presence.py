"""Presence: who is typing, passed on at once and never stored."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Protocol

from otklik.accounts.types import Caller

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

    async def send(self, message: Frame) -> None:
        """Write one frame."""
        ...


class VisitorLine(Protocol):
    """A visitor's open socket."""

    account_id: str
    contact_id: str

    async def send(self, message: Frame) -> None:
        """Write one frame."""
        ...


OnOperatorTypes = Callable[[str, str], Awaitable[None]]
"""Told the account and contact an operator is typing to: shows it at the contact's platform."""


class Presence:
    """The open sockets of this process, to pass on what is only true for a moment."""

    def __init__(self) -> None:
        self._desk: set[DeskLine] = set()
        self._visitors: dict[tuple[str, str], set[VisitorLine]] = {}
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

    async def operator_types(self, caller: Caller, conversation_id: str, contact_id: str) -> None:
        """Pass on that an operator types: to colleagues, to the visitor, to the platform."""
        message: Frame = {
            "kind": "typing",
            "conversation_id": conversation_id,
            "contact_id": contact_id,
            "operator_id": caller.operator_id,
            "name": caller.name,
        }
        sends: list[Awaitable[None]] = [
            line.send(message)
            for line in self._desk
            if line.account_id == caller.account_id
            and line.caller.operator_id != caller.operator_id
            and line.follows(contact_id)
        ]
        lines = self._visitors.get((caller.account_id, contact_id), set())
        sends += [line.send({"kind": "typing", "name": caller.name}) for line in lines]
        if self.on_operator_types is not None and not lines:
            sends.append(self.on_operator_types(caller.account_id, contact_id))
        await asyncio.gather(*sends, return_exceptions=True)

    async def contact_types(
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
        sends = [
            line.send(message)
            for line in self._desk
            if line.account_id == account_id and line.follows(contact_id)
        ]
        await asyncio.gather(*sends, return_exceptions=True)
