"""What Messenger is, and the answers of the Graph API about pages and people."""

from importlib.resources import files

import msgspec
from msgspec import Struct

from otklik.ports.channel import Manifest
from otklik.ports.errors import ErrorTable

MANIFEST = msgspec.toml.decode(
    files(__package__).joinpath("manifest.toml").read_bytes(), type=Manifest
)
ERRORS = ErrorTable.load(__package__)


class Page(Struct, frozen=True):
    id: str
    name: str = ""
    username: str = ""


class App(Struct, frozen=True):
    id: str


class Person(Struct, frozen=True):
    id: str
    first_name: str = ""
    last_name: str = ""
    profile_pic: str = ""
    locale: str = ""
    timezone: int | float | str = ""
