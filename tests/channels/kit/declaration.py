"""What a channel tells the conformance kit about itself, in tests/channels/<id>/declaration.py."""

from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

from otklik.ports.channel import (
    ChannelEvent,
    InboxConfig,
    Order,
    Refusal,
    RefusalKind,
    Request,
    Sent,
)

ADDRESS = "https://desk.example.org/hooks/invented-key"
"""Our public address in every walk of the kit."""


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
    """What the platform says outside sending; `(status, body)` each.

    `polled_nothing` replaces answers of `Declaration.platform` by label for a poll without news,
    `dropped` for a subscription the platform has forgotten.
    """

    wrong_token: tuple[int, bytes]
    polled_bodies: int = 0
    polled_nothing: Mapping[str, bytes] = {}
    dropped: Mapping[str, bytes] = {}
    garbage: tuple[int, bytes] = (200, b"<html>")


class Declaration(msgspec.Struct, frozen=True):
    """Everything the kit needs; a channel whose transport is `live` leaves the sending half out.

    `signed` gives the headers of a genuine body; `proof` is where the platform puts its secret.
    `platform` plays the platform: what a good day answers to a request of each label, under `*`
    to every other. `never` are refusals the platform does not know.
    """

    config: InboxConfig
    signed: Callable[[bytes], Mapping[str, str]]
    bodies: tuple[Body, ...]
    forgeries: tuple[Forgery, ...]
    malformed: tuple[bytes, ...]
    proof: Literal["header", "body", "nowhere"] = "header"
    shape: Literal["json", "letter"] = "json"
    """Of the bodies; what only JSON can promise is asked of JSON alone."""
    platform: Mapping[str, bytes] = {}
    address: str = ""
    message: str = ""
    """The external id of a message we sent to `address`."""
    reaction: str = "👍"
    answers: tuple[Answer, ...] = ()
    never: frozenset[RefusalKind] = frozenset()
    file_ref: str = "ref-1"
    other_file_ref: str = "ref-2"
    """References of two received files, as the adapter gives them."""
    replies: Replies | None = None
    """None: there is nobody to ask, and so nobody to subscribe at."""
    opens: Callable[[bytes], bytes] | None = None
    """How the other side reads the body of a message that leaves encrypted."""
    taken_by_status: bool = False
    """A good status alone says that a message was taken; the body says nothing."""

    def opened(self, request: Request) -> Request:
        """Give a request as the other side reads it, without what is random in it."""
        if self.opens is None:
            return request
        return msgspec.structs.replace(request, body=self.opens(request.body), headers={})


def refused(outcome: object, kind: RefusalKind | None = None) -> bool:
    """Tell whether an outcome is a refusal with a reason an admin can read."""
    return (
        isinstance(outcome, Refusal)
        and bool(outcome.detail)
        and (kind is None or outcome.kind is kind)
    )
