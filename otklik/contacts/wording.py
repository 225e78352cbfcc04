"""Why two addresses are, or might be, one person: in words, in both languages. Pure."""

from otklik.contacts.types import LinkReason

Words = tuple[str, str]
"""English, Russian."""

_LINKED: dict[LinkReason, Words] = {
    "phone": ("Both have proven the phone {value}.", "Телефон {value} подтверждён в обоих местах."),
    "email": ("Both have proven the e-mail {value}.", "Почта {value} подтверждена в обоих местах."),
    "login": (
        "The visitor signed in on the site in the same browser.",
        "Посетитель вошёл на сайте в том же браузере.",
    ),
    "alias": (
        "The platform says that both ids are one account.",
        "Платформа сообщила, что это один и тот же аккаунт.",
    ),
    "operator": ("An operator decided it.", "Так решил оператор."),
}
_SINCE: Words = (
    "Only the last 30 days before signing in are included.",
    "Взяты только последние 30 дней перед входом.",
)
_SHARED: dict[LinkReason, Words] = {
    "phone": ("Both have the phone {value}.", "В обоих местах указан телефон {value}."),
    "email": ("Both have the e-mail {value}.", "В обоих местах указана почта {value}."),
}
_DOUBTS: dict[str, Words] = {
    "claimed": (
        "One of them was only typed in, and nobody has proven it.",
        "Но в одном из них он только вписан и никем не подтверждён.",
    ),
    "given": (
        "Platforms tell so, but the person has proven neither.",
        "Так сообщают платформы, но сам человек этого не подтверждал.",
    ),
    "stale": (
        "They had it over two months apart: the number may have passed to somebody else.",
        "Но между этим прошло больше двух месяцев: номер мог достаться другому.",
    ),
    "same_inbox": (
        "Two accounts of one inbox: the number may have passed to somebody else.",
        "Но это два аккаунта одного канала: номер мог достаться другому.",
    ),
    "limit": (
        "Together they would have more addresses than one person usually has.",
        "Но вместе вышло бы больше адресов, чем обычно бывает у одного человека.",
    ),
    "conflict": (
        "Two different people have signed in on the site with it.",
        "Но на сайте с ним входили под двумя разными учётными записями.",
    ),
    "refused": (
        "Somebody else with it was found to be another person.",
        "Но оператор уже отделил от него другого человека.",
    ),
}
_APART: Words = (
    "An operator decided that they are different people.",
    "Оператор решил, что это разные люди.",
)
_NO_REASON: Words = (
    "Nothing proves any more that they are one person.",
    "Больше ничто не подтверждает, что это один человек.",
)


def why_linked(reason: LinkReason, value: str, *, partly: bool = False) -> Words:
    """Say why two addresses are one person."""
    told = _filled(_LINKED[reason], value)
    return _both(told, _SINCE) if partly else told


def why_proposed(reason: LinkReason, value: str, doubt: str) -> Words:
    """Say why two addresses might be one person, and why it is not certain."""
    return _both(_filled(_SHARED[reason], value), _DOUBTS[doubt])


def why_apart(*, asked: bool) -> Words:
    """Say why people are two again."""
    return _APART if asked else _NO_REASON


def _filled(words: Words, value: str) -> Words:
    return words[0].format(value=value), words[1].format(value=value)


def _both(one: Words, other: Words) -> Words:
    return f"{one[0]} {other[0]}", f"{one[1]} {other[1]}"
