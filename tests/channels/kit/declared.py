"""The declarations of all channels, found beside the kit."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from otklik.channels import CHANNELS
from tests.channels.kit.declaration import Declaration

HERE = Path(__file__).parents[1]
DECLARED: Mapping[str, Declaration] = {
    name: import_module(f"tests.channels.{name}.declaration").DECLARATION
    for name in CHANNELS
    if (HERE / name / "declaration.py").exists()
}
SENDING = sorted(name for name in DECLARED if CHANNELS[name].outbound is not None)
CONNECTING = sorted(
    name
    for name, declared in DECLARED.items()
    if CHANNELS[name].connect is not None and declared.replies is not None
)
