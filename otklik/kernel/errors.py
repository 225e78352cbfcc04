"""Errors a person can act on: a code, an HTTP status and a sentence in both languages."""


class OtklikError(Exception):
    """Something was refused for a reason the caller can mend.

    `field` names the input at fault, when there is one. `retry_after_s` tells when to try again.
    """

    code = "error"
    status = 500
    en = "Something went wrong on our side. Try again in a minute."
    ru = "Что-то сломалось у нас. Попробуйте ещё раз через минуту."

    def __init__(
        self,
        en: str | None = None,
        ru: str | None = None,
        *,
        field: str | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        self.en = en or type(self).en
        self.ru = ru or type(self).ru
        self.field = field
        self.retry_after_s = retry_after_s
        super().__init__(self.en)

    def sentence(self, locale: str) -> str:
        """Give the sentence in the reader's language."""
        return self.ru if locale.startswith("ru") else self.en


class NotFoundError(OtklikError):
    """The thing does not exist, or belongs to another account: the answer is the same."""

    code = "not_found"
    status = 404
    en = "There is nothing here. It may have been removed."
    ru = "Здесь ничего нет. Возможно, это удалили."


class NotSignedInError(OtklikError):
    """The caller has not proven who they are."""

    code = "not_signed_in"
    status = 401
    en = "Sign in to continue."
    ru = "Войдите, чтобы продолжить."


class ForbiddenError(OtklikError):
    """The caller is known and may not do this."""

    code = "forbidden"
    status = 403
    en = "You do not have permission for this. Ask an administrator."
    ru = "На это нет прав. Обратитесь к администратору."


class InvalidError(OtklikError):
    """The input has a fault; `field` says where."""

    code = "invalid"
    status = 422
    en = "Check the input."
    ru = "Проверьте введённое."


class ConflictError(OtklikError):
    """The thing changed meanwhile, or already exists."""

    code = "conflict"
    status = 409
    en = "This has changed meanwhile. Reload and try again."
    ru = "Данные успели измениться. Обновите страницу и повторите."


class TooLargeError(OtklikError):
    """The body or file is over its limit."""

    code = "too_large"
    status = 413
    en = "This is too large."
    ru = "Слишком большой размер."


class TooManyError(OtklikError):
    """The caller is over a rate limit."""

    code = "too_many"
    status = 429
    en = "Too many attempts. Wait a little."
    ru = "Слишком много попыток. Подождите немного."


class UnavailableError(OtklikError):
    """The store cannot take anything now; the caller should try again."""

    code = "unavailable"
    status = 503
    en = "The store is not available now. Try again shortly."
    ru = "Хранилище сейчас недоступно. Повторите чуть позже."


class SetupError(OtklikError):
    """The installation cannot start as configured; for the command line."""

    code = "setup"
    status = 500
    en = "The installation is not set up correctly."
    ru = "Установка настроена неверно."
