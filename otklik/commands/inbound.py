"""`otklik inbound show`: what a delivery of a messenger is read as, without server or store."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from otklik.channels import CHANNELS
from otklik.commands.captured import Bodies, readings
from otklik.kernel.errors import InvalidError, OtklikError
from otklik.platform.settings import Settings
from otklik.ports.channel import Channel, ChannelEvent, Malformed, Unknown

_OK, _REFUSED, _UNKNOWN = 0, 2, 3
_NOTHING = b'{"nothing": 1}'


class Reading(NamedTuple):
    """What a file was read as; `steps`: how much had to be taken off or put around."""

    channel: str
    events: Sequence[ChannelEvent]
    steps: int

    @property
    def understood(self) -> bool:
        """Tell whether there is anything but unknowns."""
        return any(not isinstance(event, Unknown) for event in self.events)


async def show_inbound(_settings: Settings, words: argparse.Namespace) -> int:
    """Print the events of raw bodies: 0 understood, 3 stored as unknown, 2 refused.

    Of several files the worst: 2, then 3.
    """
    channel, files = words.channel, words.file
    if words.guess:
        channel, files = "", [words.channel, *words.file]
    else:
        _known(channel)
    if not files:
        raise InvalidError("Name a file; - is standard input.", "Назовите файл; - это ввод.")
    told_apart = words.guess or len(files) > 1
    codes = [_show(file, channel, told_apart=told_apart, alone=len(files) == 1) for file in files]
    return next((code for code in (_REFUSED, _UNKNOWN) if code in codes), _OK)


def _show(file: str, channel: str, *, told_apart: bool, alone: bool) -> int:
    try:
        content = sys.stdin.buffer.read() if file == "-" else _content(Path(file))
        suffix = Path(file).suffix.lower()
        found = read(content, channel, suffix) if channel else guessed(content, suffix)
    except OtklikError as error:
        if alone:
            raise
        print(f"otklik: {file}: {error.en}", file=sys.stderr)
        return _REFUSED
    if told_apart:
        print(msgspec.json.encode({"file": file, "channel": found.channel}).decode())
    for event in found.events:
        print(msgspec.json.encode(event).decode())
    return _OK if found.understood else _UNKNOWN


def read(content: bytes, name: str, suffix: str = "") -> Reading:
    """Read a file with the adapter of a channel; raises `InvalidError` with the adapter's reason.

    The plainest reading with an event wins, then the plainest with a named unknown.
    """
    channel = _known(name)
    unknown: Reading | None = None
    refusal: InvalidError | None = None
    for steps, bodies in enumerate(readings(content, name, suffix)):
        try:
            found = Reading(name, tuple(_events(channel, bodies)), steps)
        except InvalidError as error:
            refusal = refusal or error
            continue
        if found.understood:
            return found
        unknown = unknown or found
    if unknown is not None:
        return unknown
    raise refusal or _refused("it is empty")


def guessed(content: bytes, suffix: str = "") -> Reading:
    """Read a file with the adapter that understands it best; raises `InvalidError`."""
    found = []
    for name in sorted(CHANNELS, key=_takes_anything):
        try:
            found.append(read(content, name, suffix))
        except InvalidError:
            continue
    if not found:
        raise _refused("no channel reads it")
    return min(found, key=_how_far)


def _how_far(found: Reading) -> tuple[bool, bool, bool, int]:
    """Tell how badly a channel understands a file; unknowns say more of a strict channel."""
    if found.understood:
        return False, False, False, found.steps
    names = (event.name for event in found.events if isinstance(event, Unknown))
    is_foreign = any(name.startswith("object.") for name in names)  # Meta's word for another app
    return True, is_foreign, _takes_anything(found.channel), found.steps


def _takes_anything(name: str) -> bool:
    """Tell whether a channel's deliveries have nothing to be known by; others are asked first."""
    return not isinstance(CHANNELS[name].envelope(_NOTHING), Malformed)


def _events(channel: Channel, bodies: Bodies) -> Iterator[ChannelEvent]:
    for body in bodies:
        envelope = channel.envelope(body)
        if isinstance(envelope, Malformed):
            raise _refused(envelope.reason)
        try:
            yield from channel.parse(body)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise _refused(str(error)) from error


def _refused(reason: str) -> InvalidError:
    return InvalidError(f"Refused: {reason}.", f"Отклонено: {reason}.", field="body")


def _known(name: str) -> Channel:
    channel = CHANNELS.get(name)
    if channel is None:
        known = ", ".join(CHANNELS)
        raise InvalidError(
            f"There is no channel {name!r}. There are: {known}.",
            f"Канала {name!r} нет. Есть: {known}.",
            field="channel",
        )
    return channel


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InvalidError(
            f"{file} cannot be read: {error.strerror}.",
            f"{file} не читается: {error.strerror}.",
            field="file",
        ) from error
