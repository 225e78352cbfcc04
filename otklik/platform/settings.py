"""What the installation's owner can set, from a file and the environment."""

import difflib
import ssl
import tomllib
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta
from msgspec.structs import FieldInfo, fields

from otklik.kernel.errors import SetupError
from otklik.platform.addresses import parse_vouched

PREFIX = "OTKLIK_"
FILE_NAME = "otklik.toml"
_SECRETS = frozenset({"database_url", "master_key", "metrics_token"})
_REMAINING_WORDS = {"true": "yes", "false": "no"}  # TOML's own words for a yes/no choice

Text = Annotated[str, Meta(max_length=2_000)]
Count = Annotated[int, Meta(ge=1, le=1_000_000)]
Size = Annotated[int, Meta(ge=1_024, le=10_737_418_240)]


def _doc(text: str) -> Meta:
    return Meta(description=text)


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every setting with its default; sizes in bytes. Secrets stay out of its `repr`."""

    data_dir: Annotated[
        Text, _doc("Folder with everything that must be backed up: database, files, key.")
    ] = "var/otklik"
    database_url: Annotated[
        Text, _doc("`postgresql://…`; empty means SQLite inside the data folder.")
    ] = ""
    host: Annotated[Text, _doc("Address to listen on; `0.0.0.0` for every interface.")] = (
        "127.0.0.1"
    )
    port: Annotated[int, Meta(ge=0, le=65_535), _doc("Port to listen on; 0 takes a free one.")] = (
        8080
    )
    public_url: Annotated[
        Text,
        _doc(
            "Address people and messengers reach this installation at; "
            "empty means none, and channels are polled."
        ),
    ] = ""
    allow_private_hosts: Annotated[
        Text,
        _doc(
            "Private hosts that outgoing requests may reach although they are private: "
            "`host`, `host:port`, an address or a network, separated by commas."
        ),
    ] = ""
    ca_max: Annotated[
        Text,
        _doc(
            "PEM file with the root certificate of the Russian Ministry of Digital Development: "
            "requests to MAX trust it besides the system's own."
        ),
    ] = ""
    master_key: Annotated[
        Text,
        _doc(
            "Key of the secrets at rest, 32 bytes as base64; "
            "empty means the file `master.key` in the data folder, made at the first start."
        ),
    ] = ""
    session_idle_hours: Annotated[Count, _doc("Hours after which an unused sign-in ends.")] = 12
    session_days: Annotated[Count, _doc("Days after which every sign-in ends.")] = 30
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], _doc("The least serious lines to log.")
    ] = "info"
    log_format: Annotated[
        Literal["text", "json"], _doc("Log lines for people or for machines.")
    ] = "text"
    body_limit_bytes: Annotated[Size, _doc("Largest body of a request, uploads aside.")] = 1_048_576
    upload_limit_bytes: Annotated[Size, _doc("Largest file, sent or received.")] = 20_971_520
    keep_raw_days: Annotated[
        Count, _doc("Days to keep what messengers delivered, as delivered.")
    ] = 30
    keep_events_days: Annotated[
        Count, _doc("Days to keep announced changes for those who reconnect.")
    ] = 30
    download_concurrency: Annotated[
        Annotated[int, Meta(ge=1, le=256)], _doc("Files fetched from messengers at once.")
    ] = 8
    outgoing_connections: Annotated[
        Annotated[int, Meta(ge=4, le=10_000)],
        _doc("Connections to messengers and other servers open at once; polling holds one each."),
    ] = 256
    metrics_token: Annotated[
        Text, _doc("Bearer token that `/metrics` asks for; empty leaves it to local callers.")
    ] = ""
    secure_cookies: Annotated[
        Literal["auto", "yes", "no"],
        _doc("Send cookies over HTTPS only; `auto` follows the public address."),
    ] = "auto"
    trusted_proxies: Annotated[
        Text,
        _doc("Addresses or networks whose `X-Forwarded-For` is believed, separated by commas."),
    ] = ""
    locale: Annotated[
        Literal["ru", "en"], _doc("Language of texts sent when the reader's is unknown.")
    ] = "ru"

    def __repr__(self) -> str:
        """Name every setting, secrets as dots."""
        shown = ((name, getattr(self, name)) for name in self.__struct_fields__)
        parts = (
            f"{name}={'•••' if name in _SECRETS and value else repr(value)}"
            for name, value in shown
        )
        return f"Settings({', '.join(parts)})"

    @property
    def folder(self) -> Path:
        """Give the data folder."""
        return Path(self.data_dir)

    @property
    def cookies_are_secure(self) -> bool:
        """Tell whether cookies are for HTTPS only."""
        if self.secure_cookies == "auto":
            return self.public_url.startswith("https://")
        return self.secure_cookies == "yes"


class Described(NamedTuple):
    """One setting for documentation: its name, default, allowed values and sentence."""

    name: str
    variable: str
    default: str
    values: str
    doc: str


def described() -> Iterator[Described]:
    """List every setting in the order of the documentation."""
    hints = get_type_hints(Settings, include_extras=True)
    for field in fields(Settings):
        hint = hints[field.name]
        doc = next(m.description for m in hint.__metadata__ if m.description)
        yield Described(
            field.name, PREFIX + field.name.upper(), str(field.default), _values(hint), doc
        )


def _values(hint: object) -> str:
    inner = get_args(hint)[0]
    if get_origin(inner) is Literal:
        return ", ".join(get_args(inner))
    return "number" if inner is int else "text"


class _Given(NamedTuple):
    value: object
    place: str


def load_settings(environ: Mapping[str, str], path: Path | None = None) -> Settings:
    """Read settings: defaults, then the TOML file, then `OTKLIK_*` variables.

    Without `path` the file is `otklik.toml` in the data folder, when there is one.
    """
    from_environ = dict(_from_environ(environ))
    given = {**_from_file(path or _default_file(from_environ), path is not None), **from_environ}
    known: dict[str, object] = {}
    for field in fields(Settings):
        if field.name in given:
            known[field.name] = _checked(field, given[field.name])
    return Settings(**known)  # type: ignore[arg-type]  # each value was converted to its type


def _default_file(from_environ: Mapping[str, _Given]) -> Path:
    chosen = from_environ.get("data_dir")
    return Path(str(chosen.value) if chosen else Settings().data_dir) / FILE_NAME


def _from_environ(environ: Mapping[str, str]) -> Iterator[tuple[str, _Given]]:
    known = set(Settings.__struct_fields__)
    for variable in sorted(environ):
        name = variable.removeprefix(PREFIX).lower()
        if not variable.startswith(PREFIX):
            continue
        if name in known:
            yield name, _Given(environ[variable], variable)
        elif name.removesuffix("_file") in _SECRETS:  # the way of Docker secrets
            secret = _read_text(Path(environ[variable]), variable).strip()
            yield name.removesuffix("_file"), _Given(secret, variable)
        elif near := difflib.get_close_matches(name, known, n=1, cutoff=0.85):
            _refuse_unknown(variable, "environment", PREFIX + near[0].upper())


def _from_file(path: Path, asked_for: bool) -> dict[str, _Given]:  # noqa: FBT001 - private
    if not asked_for and not path.exists():
        return {}
    try:
        table = tomllib.loads(_read_text(path, str(path)))
    except tomllib.TOMLDecodeError as error:
        raise SetupError(
            f"{path} is not valid TOML: {error}. Correct that line.",
            f"{path} — не TOML: {error}. Исправьте эту строку.",
        ) from error
    for name in table:
        if name not in Settings.__struct_fields__:
            near = difflib.get_close_matches(name, Settings.__struct_fields__, n=1)
            _refuse_unknown(name, str(path), near[0] if near else "")
    return {name: _Given(value, str(path)) for name, value in table.items()}


def _read_text(path: Path, place: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise SetupError(
            f"{place}: cannot read {path} ({reason}). Check the path and its permissions.",
            f"{place}: не читается {path} ({reason}). Проверьте путь и права.",
        ) from error


def _refuse_unknown(name: str, place: str, near: str) -> None:
    hint_en = f" Did you mean {near}?" if near else " See docs/settings.md for all of them."
    hint_ru = f" Может быть, {near}?" if near else " Все настройки — в docs/settings.md."
    raise SetupError(
        f"There is no setting {name} ({place}).{hint_en}",
        f"Настройки {name} нет ({place}).{hint_ru}",
        field=name,
    )


def _checked(field: FieldInfo, given: _Given) -> object:
    value = given.value
    if isinstance(value, bool):
        value = _REMAINING_WORDS[str(value).lower()]
    try:
        converted: object = msgspec.convert(value, field.type, strict=False)
        return _CHECKS[field.name](str(converted)) if field.name in _CHECKS else converted
    except ValueError as error:  # msgspec's ValidationError is one
        reason = str(error).rstrip(".")
        shown = "" if field.name in _SECRETS else f" is {given.value!r}:"
        wanted = next(entry.doc for entry in described() if entry.name == field.name)
        raise SetupError(
            f"Setting {field.name} (set in {given.place}){shown} {reason}. Wanted: {wanted}",
            f"Настройка {field.name} (задана в {given.place}) неверна: {reason}. Нужно: {wanted}",
            field=field.name,
        ) from error


def _public_url(value: str) -> str:
    url = urlsplit(value.rstrip("/"))
    if not value:
        return ""
    if url.scheme not in {"http", "https"} or not url.hostname or url.username or url.query:
        raise ValueError("it should look like https://chat.example.com")
    return value.rstrip("/")


def _database_url(value: str) -> str:
    if value and not value.startswith(("postgresql://", "postgres://")):
        raise ValueError("it should look like postgresql://name:password@host/database")
    return value.replace("postgres://", "postgresql://", 1) if value else ""


def _vouched(value: str) -> str:
    parse_vouched(value)
    return value


def _authorities(value: str) -> str:
    try:
        if value:
            ssl.create_default_context().load_verify_locations(value)
    except OSError as error:  # an error of TLS is one, too
        raise ValueError("the file cannot be read or has no certificate") from error
    return value


def _networks(value: str) -> str:
    for part in filter(None, (part.strip() for part in value.split(","))):
        ip_network(part, strict=False)
    return value


def _not_empty(value: str) -> str:
    if not value.strip():
        raise ValueError("it is empty")
    return value


_CHECKS = {
    "data_dir": _not_empty,
    "host": _not_empty,
    "public_url": _public_url,
    "database_url": _database_url,
    "allow_private_hosts": _vouched,
    "ca_max": _authorities,
    "trusted_proxies": _networks,
}
