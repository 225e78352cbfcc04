"""What is refused of an operator's own particulars, and in which words."""

from sqlalchemy import Connection

from otklik.accounts.rules import Weakness, tidy_email, weakness_of
from otklik.accounts.store import operators as store
from otklik.accounts.types import Operator
from otklik.kernel.errors import InvalidError
from otklik.kernel.text import storable

_WEAKNESSES = {
    Weakness.SHORT: (
        "The password needs at least 8 characters; 15 are better.",
        "В пароле нужно хотя бы 8 знаков, лучше 15.",
    ),
    Weakness.LONG: (
        "The password may have at most 128 characters.",
        "В пароле может быть не больше 128 знаков.",
    ),
    Weakness.COMMON: (
        "This password is among those tried first. Choose another one.",
        "Этот пароль подбирают одним из первых. Придумайте другой.",
    ),
    Weakness.OWN_EMAIL: (
        "The password repeats the e-mail. Choose another one.",
        "Пароль повторяет почту. Придумайте другой.",
    ),
}


def fit_email(text: str) -> str:
    """Give the stored form of an e-mail address, or refuse it."""
    tidy = tidy_email(storable(text))
    if tidy is None:
        raise InvalidError(
            "This is not an e-mail address. It should look like name@example.com.",
            "Это не адрес почты. Нужно что-то вроде name@example.com.",
            field="email",
        )
    return tidy


def refuse_weak(password: str, email: str) -> None:
    """Refuse a password for its reason."""
    weakness = weakness_of(password, email)
    if weakness is not None:
        raise InvalidError(*_WEAKNESSES[weakness], field="password")


def refuse_taken(connection: Connection, operator: Operator) -> None:
    """Refuse an e-mail that somebody else signs in with."""
    if operator.email is None:
        return
    holder = store.operator_by_email(connection, operator.email)
    if holder is not None and holder.id != operator.id:
        raise taken()


def taken() -> InvalidError:
    """Give the refusal of an e-mail that is in use."""
    return InvalidError(
        "This e-mail belongs to another operator.",
        "Эта почта занята другим оператором.",
        field="email",
    )
