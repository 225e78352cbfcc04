"""Refusals as problem+json (RFC 9457): a code, a sentence in the reader's language, the field."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, SerializationException, ValidationException
from sqlalchemy.exc import DBAPIError

from otklik.kernel.errors import (
    InvalidError,
    NotFoundError,
    OtklikError,
    TooLargeError,
    UnavailableError,
)
from otklik.platform.web import locale_of

MEDIA_TYPE = "application/problem+json"
AnyRequest = Request[Any, Any, Any]  # Litestar leaves user, auth and state open

_log = structlog.get_logger("otklik.web")
_PLACE = re.compile(r" - at `\$(?:\.data)?(?:\.)?(?P<path>[^`]*)`$")
_NAMED = re.compile(r"^Object (?P<what>missing required|contains unknown) field `(?P<name>[^`]+)`")
_TYPED = re.compile(r"^Expected `(?P<wanted>[^`]+)`, got `(?P<given>[^`]+)`")
_SIZED = re.compile(r"^Expected `(?P<kind>\w+)` of length (?P<bound>[<>]=) (?P<size>\d+)")


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of every refusal. `detail` is a sentence for people, `field` the input at fault."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    field: str | None = None


class MalformedError(OtklikError):
    """The body is not JSON at all."""

    code = "malformed"
    status = 400
    en = "The request is not valid JSON."
    ru = "Запрос — не JSON."


class MethodError(OtklikError):
    """The address exists and does not take this method."""

    code = "method_not_allowed"
    status = 405
    en = "This address does not take this method."
    ru = "Этот адрес не принимает такой метод."


def problem_of(error: OtklikError, locale: str) -> Problem:
    """Describe a refusal in the reader's language."""
    return Problem(
        type=f"urn:otklik:problem:{error.code}",
        title=HTTPStatus(error.status).phrase,
        status=error.status,
        code=error.code,
        detail=error.sentence(locale),
        field=error.field,
    )


def refusal_of(error: Exception) -> OtklikError:
    """Find the refusal behind any error; what we did not foresee becomes a plain 500."""
    if isinstance(error, OtklikError):
        return error
    if isinstance(error, RecursionError):
        return InvalidError("The input is nested too deeply.", "Слишком глубокая вложенность.")
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return UnavailableError()
    if isinstance(error, msgspec.ValidationError):
        return invalid_of(str(error))
    if isinstance(error, SerializationException | UnicodeDecodeError):
        return _unread(error)
    if isinstance(error, HTTPException):
        return _of_framework(error)
    return OtklikError()


def _unread(error: Exception) -> OtklikError:
    cause = error.__cause__
    if isinstance(cause, msgspec.ValidationError | RecursionError):
        return refusal_of(cause)
    return MalformedError()


_BY_STATUS: dict[int, Callable[[], OtklikError]] = {
    404: NotFoundError,
    405: MethodError,
    413: TooLargeError,
}


def _of_framework(error: HTTPException) -> OtklikError:
    cause = error.__cause__
    if isinstance(cause, msgspec.ValidationError):
        return invalid_of(str(cause))
    if isinstance(cause, RecursionError):
        return refusal_of(cause)
    if error.status_code in _BY_STATUS:
        return _BY_STATUS[error.status_code]()
    if isinstance(error, ValidationException):
        return _invalid_parameter(error)
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return MalformedError()
    return OtklikError()


def _invalid_parameter(error: ValidationException) -> OtklikError:
    extra = error.extra
    first = extra[0] if isinstance(extra, list) and extra else {}
    return invalid_of(str(first.get("message", "")), str(first.get("key", "")) or None)


def invalid_of(message: str, field: str | None = None) -> InvalidError:
    """Turn msgspec's message into a sentence in both languages that names the field."""
    place = _PLACE.search(message)
    path = (place["path"] if place else "") or field or ""
    if named := _NAMED.match(message):
        name = f"{path}.{named['name']}" if path else named["name"]
        if name == "data":  # Litestar's word for the whole body
            return InvalidError("The request needs a JSON body.", "Нужно тело запроса в JSON.")
        if named["what"] == "missing required":
            return InvalidError(f"“{name}” is missing.", f"Не хватает поля «{name}».", field=name)
        return InvalidError(
            f"There is no field “{name}” here.", f"Поля «{name}» здесь нет.", field=name
        )
    where_en, where_ru = (f"“{path}”", f"«{path}»") if path else ("the input", "запросе")
    en, ru = _fault(message)
    return InvalidError(f"In {where_en}: {en}.", f"В {where_ru}: {ru}.", field=path or None)


def _fault(message: str) -> tuple[str, str]:
    if typed := _TYPED.match(message):
        wanted, given = typed["wanted"], typed["given"]
        return f"{wanted} is expected, not {given}", f"нужно {wanted}, а не {given}"
    if sized := _SIZED.match(message):
        size, is_text = sized["size"], sized["kind"] == "str"
        en, ru = ("characters", "знаков") if is_text else ("entries", "значений")
        if sized["bound"] == "<=":
            return f"at most {size} {en}", f"не больше {size} {ru}"
        return f"at least {size} {en}", f"не меньше {size} {ru}"
    return "this value does not fit", "такое значение не подходит"


def respond(error: OtklikError, locale: str) -> Response[bytes]:
    """Give a refusal as an HTTP answer."""
    headers = {"Cache-Control": "no-store"}
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    return Response(
        msgspec.json.encode(problem_of(error, locale)),
        status_code=error.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def render(request: AnyRequest, error: Exception) -> Response[bytes]:
    """Answer any error of a route; the unforeseen ones are logged with their trace."""
    refusal = refusal_of(error)
    if type(refusal) is OtklikError:
        _log.error("request failed", path=request.url.path, exc_info=error)
    return respond(refusal, locale_of(request.headers))


EXCEPTION_HANDLERS: dict[int | type[Exception], Callable[[AnyRequest, Exception], Response[bytes]]]
EXCEPTION_HANDLERS = {Exception: render}
"""For `Litestar(exception_handlers=...)`: one renderer for everything."""
