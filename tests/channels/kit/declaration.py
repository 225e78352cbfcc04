"""What a channel tells the conformance kit about itself, in tests/channels/<id>/declaration.py."""

from collections.abc import Callable, Mapping

import msgspec

from otklik.ports.channel import ChannelEvent, InboxConfig, Order, Refusal, RefusalKind, Sent


class Body(msgspec.Struct, frozen=True):
    """One genuine body of our own writing and what it must be read as."""

    name: str
    body: bytes
    events: tuple[ChannelEvent, ...]


class Forgery(msgspec.Struct, frozen=True):
    """A body that must not be believed."""

    name: str
    headers: Mapping[str, str]
    body: bytes


class Answer(msgspec.Struct, frozen=True):
    """One answer of the platform to an order and what it means."""

    name: str
    order: Order
    status: int
    body: bytes
    means: Sent | RefusalKind
    headers: Mapping[str, str] = {}


class Replies(msgspec.Struct, frozen=True):
    """Answers of the platform outside sending: (status, body) each."""

    connected: tuple[int, bytes]
    wrong_token: tuple[int, bytes]
    done: tuple[int, bytes]
    polled: tuple[int, bytes]
    polled_bodies: int
    polled_nothing: tuple[int, bytes]
    found: tuple[int, bytes]
    garbage: tuple[int, bytes] = (200, b"<html>")


class Declaration(msgspec.Struct, frozen=True):
    """Everything the kit needs; a channel whose transport is `live` leaves the sending half out.

    `signed` gives the headers of a genuine body. `never` are refusals the platform does not know.
    """

    config: InboxConfig
    signed: Callable[[bytes], Mapping[str, str]]
    bodies: tuple[Body, ...]
    forgeries: tuple[Forgery, ...]
    malformed: tuple[bytes, ...]
    address: str = ""
    message: str = ""
    """The external id of a message we sent to `address`."""
    answers: tuple[Answer, ...] = ()
    never: frozenset[RefusalKind] = frozenset()
    replies: Replies | None = None


def refused(outcome: object, kind: RefusalKind | None = None) -> bool:
    """Tell whether an outcome is a refusal with a reason an admin can read."""
    return (
        isinstance(outcome, Refusal)
        and bool(outcome.detail)
        and (kind is None or outcome.kind is kind)
    )
