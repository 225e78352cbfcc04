"""What a message learns just before it is sent: its reply window, links to its files. Pure."""

from collections.abc import Callable

from msgspec.structs import replace

from otklik.ports.channel import Manifest, Order, Outgoing, OutgoingCard, OutgoingFile
from otklik.ports.reply_window import open_for

LinkOf = Callable[[OutgoingFile], str]
"""Gives the public address of a stored file; empty without one."""


def ready(order: Order, manifest: Manifest, window_until: int, now: int, link_of: LinkOf) -> Order:
    """Give the order as it goes out at this moment (Unix ms)."""
    if not isinstance(order, Outgoing):
        return order
    window = open_for(manifest.window, window_until, now)
    if window != order.window:
        order = replace(order, window=window)
    return linked(order, link_of) if "fetches_files" in manifest.features else order


def linked(order: Outgoing, link_of: LinkOf) -> Outgoing:
    """Give the order with the addresses its platform fetches the files from."""
    return replace(
        order,
        files=tuple(replace(file, link=link_of(file)) for file in order.files),
        cards=tuple(_linked_card(card, link_of) for card in order.cards),
    )


def _linked_card(card: OutgoingCard, link_of: LinkOf) -> OutgoingCard:
    if card.file is None:
        return card
    return replace(card, file=replace(card.file, link=link_of(card.file)))
