"""Log lines that cannot be forged and hold no secrets."""

import functools
import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Literal, NamedTuple, TextIO

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

from otklik.kernel.text import storable

HIDDEN = "•••"
_DEEPEST = 4
_SECRET_KEY = re.compile(
    r"token|secret|passw|authori[sz]ation|cookie|credential|api_?key|master_?key|private_?key"
    r"|^sig$|signature|^dsn$|session_id",
    re.IGNORECASE,
)
_BODY_KEY = re.compile(r"^(text|caption|content|payload|(raw_)?body|message_text)$", re.IGNORECASE)
_LONGEST = 16_384


class _Shape(NamedTuple):
    """A secret by its look. Without one of `signs` in the text the pattern is not even tried."""

    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    instead: str


# Every repetition is bounded: log lines are written by strangers, too.
_SHAPES = (
    _Shape((":",), re.compile(r"\b(bot)?\d{5,20}:[\w-]{20,200}"), rf"\1{HIDDEN}"),
    _Shape(
        ("bearer", "basic"),
        re.compile(r"(?i)\b(bearer|basic)\s{1,4}[\w.~+/=-]{6,4000}"),
        rf"\1 {HIDDEN}",
    ),
    _Shape(
        ("authorization", "cookie"),
        re.compile(
            r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(['\"]?\s{0,4}[:=]\s{0,4})[^\r\n]+"
        ),
        rf"\1\2{HIDDEN}",
    ),
    _Shape(
        ("@",),
        re.compile(r"(?i)([a-z][a-z0-9+.-]{1,20}://)[^\s/@]{1,200}@"),
        rf"\1{HIDDEN}@",
    ),
    _Shape(
        ("token", "secret", "passw", "key", "sig"),
        re.compile(
            r"(?i)((?:token|secret|password|passwd|key|sig|signature)['\"]?\s{0,4}[=:]"
            r"\s{0,4}['\"]?)[^&\s'\",;)}]{4,4000}"
        ),
        rf"\1{HIDDEN}",
    ),
    _Shape(("whsec_",), re.compile(r"(?i)whsec_[\w+/=-]{8,200}"), f"whsec_{HIDDEN}"),
    _Shape(("eyj",), re.compile(r"\beyJ[\w-]{6,4000}\.[\w-]{6,4000}\.[\w-]{0,999}"), HIDDEN),
    _Shape(("+",), re.compile(r"(?<![\w.])(\+\d)[\d ()-]{7,16}(\d\d)(?!\d)"), rf"\1{HIDDEN}\2"),
    _Shape(
        ("79", "89"),
        re.compile(r"(?<![\w.:-])([78]9)\d{7}(\d\d)(?![\d.])"),
        rf"\1{HIDDEN}\2",
    ),
)
# Whatever starts a new line, moves the cursor or turns the direction of reading.
_TRICKS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\\\\]")
_NOISY = {"uvicorn.access": logging.WARNING, "asyncio": logging.INFO, "aiosqlite": logging.INFO}
_OURS = frozenset({"timestamp", "level", "logger"})
_FIRST = ("timestamp", "level", "event", "logger")

_encode = msgspec.json.Encoder(enc_hook=str).encode


def set_up_logging(
    level: Literal["debug", "info", "warning", "error"],
    form: Literal["text", "json"],
    stream: TextIO | None = None,
) -> None:
    """Send every log line of the process, libraries' included, through one redacting formatter.

    Lines go to stderr unless `stream` is given: stdout belongs to commands. Start uvicorn with
    `log_config=None`, or it brings its own.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                redact,
                _json_line if form == "json" else _text_line,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(number)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "alembic", "sqlalchemy"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name, least in _NOISY.items():
        logging.getLogger(name).setLevel(max(least, number))


def redact(_logger: WrappedLogger | None, _method: str, event: EventDict) -> EventDict:
    """Replace secrets by key and by shape, and bodies by their length."""
    return {
        key: value if key in _OURS else _redacted(key, value, 0) for key, value in event.items()
    }


def redacted_text(text: str) -> str:
    """Replace everything in a text that has the shape of a secret or a phone."""
    clean = storable(text)
    if len(clean) > _LONGEST:
        clean = f"{clean[:_LONGEST]}… {len(clean) - _LONGEST} more characters"
    lowered = clean.lower()
    for shape in _SHAPES:
        if any(sign in lowered for sign in shape.signs):
            clean = shape.pattern.sub(shape.instead, clean)
    return clean


def _redacted(key: str, value: object, depth: int) -> object:
    if value is None or isinstance(value, bool | int | float):
        return HIDDEN if value and not isinstance(value, bool) and _is_secret(key) else value
    if _is_secret(key):
        return HIDDEN if value else ""
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value)} bytes>"
    if isinstance(value, str) and _is_body(key):
        return f"<{len(value)} characters>"
    if depth >= _DEEPEST or not isinstance(value, Mapping | list | tuple | set | frozenset):
        return redacted_text(str(value))
    if isinstance(value, Mapping):
        return {
            redacted_text(str(name)): _redacted(str(name), part, depth + 1)
            for name, part in value.items()
        }
    return [_redacted(key, part, depth + 1) for part in value]


@functools.lru_cache(maxsize=1_024)
def _is_secret(key: str) -> bool:
    return _SECRET_KEY.search(key) is not None


@functools.lru_cache(maxsize=1_024)
def _is_body(key: str) -> bool:
    return _BODY_KEY.search(key) is not None


def _json_line(_logger: WrappedLogger, _method: str, event: MutableMapping[str, object]) -> str:
    ordered = {key: event[key] for key in _FIRST if key in event}
    return _encode({**ordered, **event}).decode()


def _text_line(_logger: WrappedLogger, _method: str, event: MutableMapping[str, object]) -> str:
    trace = str(event.pop("exception", ""))
    rest = " ".join(
        f"{_escaped(key)}={_shown(value)}" for key, value in event.items() if key not in _FIRST
    )
    line = (
        f"{event.get('timestamp', '')} {event.get('level', ''):<7} "
        f"{_escaped(str(event.get('event', '')))} {rest}".rstrip()
    )
    # A bar before every line of a trace, so that none of them passes for a line of the log.
    bars = "".join(f"\n    | {_escaped(part)}" for part in trace.splitlines())
    return line + bars


def _shown(value: object) -> str:
    text = _escaped(value if isinstance(value, str) else _encode(value).decode())
    return f'"{text}"' if not text or " " in text or '"' in text else text


def _escaped(text: str) -> str:
    return _TRICKS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
