"""The guide to a channel, `connect.toml`: what to create there, what to paste, what next."""

from importlib.resources import files

import msgspec


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One instruction in both languages; `link` is where to go."""

    en: str
    ru: str
    link: str = ""


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something to paste: the name of a setting or a secret of the manifest, and how it looks.

    `choices` are the values a setting may have; the first is the usual one.
    """

    name: str
    en: str
    ru: str
    secret: bool = False
    required: bool = True
    advanced: bool = False
    hint_en: str = ""
    hint_ru: str = ""
    example: str = ""
    choices: tuple[str, ...] = ()


class Guide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a person connects a channel.

    `{address}`, `{verify_token}`, `{server}` and `{public_key}` in `after` are filled in.
    """

    step: tuple[Words, ...] = ()
    field: tuple[Field, ...] = ()
    after: tuple[Words, ...] = ()

    @classmethod
    def load(cls, package: str) -> "Guide":
        """Read the guide of a channel's package; raises when it is not one."""
        return msgspec.toml.decode(files(package).joinpath("connect.toml").read_bytes(), type=cls)
