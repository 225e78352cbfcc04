"""Every channel this installation can speak: one folder each, found by looking."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from otklik.ports.channel import Channel


def _load(name: str) -> Channel:
    channel = import_module(f"{__name__}.{name}").CHANNEL
    if not isinstance(channel, Channel) or channel.manifest.id != name:
        raise TypeError(f"channels/{name} must export CHANNEL with the manifest id {name!r}")
    return channel


CHANNELS: Mapping[str, Channel] = MappingProxyType(
    {found.name: _load(found.name) for found in iter_modules(__path__) if found.ispkg}
)
"""The adapters by their manifest id, in the order of the alphabet."""
