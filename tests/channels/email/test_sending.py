"""How our messages become letters."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from msgspec.structs import replace

from otklik.channels.email.outbound import replying, send
from otklik.channels.email.wire import is_own, own_id
from otklik.ports.channel import Letter, Refusal
from tests.channels.email.declaration import ANNA, CONFIG, OURS, TEXT


def letter_of(**changes: object) -> EmailMessage:
    errand = send(replace(TEXT, **changes), CONFIG, ())
    assert isinstance(errand, Letter), errand
    assert all(len(line) <= 998 for line in errand.content.split(b"\r\n"))
    read = message_from_bytes(errand.content, policy=default)
    assert isinstance(read, EmailMessage)
    return read


def test_a_letter_names_us_its_thread_and_the_moment_it_was_written() -> None:
    thread = tuple(f"m{number}@mail.example" for number in range(40))
    letter = letter_of(subject="Re: Заказ", thread=thread)
    assert str(letter["From"]) == "Чайная лавка <lavka@shop.example>"
    assert letter["Message-ID"] == f"<{OURS}>"
    assert letter["In-Reply-To"] == "<m39@mail.example>"
    chain = str(letter["References"]).split()
    assert (len(chain), chain[0], chain[-1]) == (20, "<m0@mail.example>", "<m39@mail.example>")
    assert letter["Subject"] == "Re: Заказ"
    assert letter.get_content().strip() == TEXT.text
    assert letter["Auto-Submitted"] is None


@pytest.mark.parametrize(("by", "word"), [("bot", "auto-replied"), ("campaign", "auto-generated")])
def test_what_a_program_writes_says_so(by: str, word: str) -> None:
    assert letter_of(by=by)["Auto-Submitted"] == word


@pytest.mark.parametrize(("subject", "answer"), [
    ("Заказ", "Re: Заказ"), ("RE[2]: Fwd: Отв: Заказ", "Re: Заказ"), ("", "Re:"),
])  # fmt: skip
def test_re_stands_once(subject: str, answer: str) -> None:
    assert replying(subject) == answer


@pytest.mark.parametrize("change", [
    {"subject": "Re\r\nBcc: all@shop.example"},
    {"to": "anna@mail.example\r\nBcc: b@c.example"},
    {"to": "anna@mail.example, b@c.example"},
    {"to": "анна@mail.example"},
    {"to": "nobody"},
])  # fmt: skip
def test_nothing_slips_into_the_headers(change: dict[str, str]) -> None:
    assert isinstance(send(replace(TEXT, **change), CONFIG, ()), Refusal)


def test_a_domain_of_other_letters_is_written_in_those_of_dns() -> None:
    errand = send(replace(TEXT, to="anna@чай.example"), CONFIG, ())
    assert isinstance(errand, Letter)
    assert errand.recipients == ("anna@xn--80as4b.example",)


def test_a_message_id_is_known_as_ours_only_with_its_signature() -> None:
    made = own_id("m1", CONFIG)
    assert is_own(made, CONFIG)
    assert not is_own(made.replace("m1", "m2"), CONFIG)
    assert not is_own(ANNA, CONFIG)
