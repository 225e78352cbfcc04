"""What Instagram is, and the answers of its API about accounts, people and tokens."""

from importlib.resources import files

import msgspec
from msgspec import Struct

from otklik.ports.channel import Manifest
from otklik.ports.errors import ErrorTable

MANIFEST = msgspec.toml.decode(
    files(__package__).joinpath("manifest.toml").read_bytes(), type=Manifest
)
ERRORS = ErrorTable.load(__package__)


class Account(Struct, frozen=True):
    """Of Instagram Login; `user_id` is the number that deliveries name, `id` the app's own."""

    user_id: str | int
    id: str | int = ""
    username: str = ""
    name: str = ""


class BusinessAccount(Struct, frozen=True):
    id: str | int
    username: str = ""


class Page(Struct, frozen=True):
    """Of Facebook Login: the page an account belongs to."""

    id: str | int
    name: str = ""
    instagram_business_account: BusinessAccount | None = None


class App(Struct, frozen=True):
    id: str | int


class Token(Struct, frozen=True):
    access_token: str
    expires_in: int = 0


class Person(Struct, frozen=True):
    id: str | int = ""
    name: str = ""
    username: str = ""
    profile_pic: str = ""
    follower_count: int | None = None
    is_user_follow_business: bool | None = None
    is_business_follow_user: bool | None = None
    is_verified_user: bool | None = None
