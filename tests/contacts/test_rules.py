import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from otklik.contacts.rules import SEEN_STEP_MS, display_name, met_again, newcomer
from otklik.contacts.types import Arrival
from otklik.kernel.ids import InboxId
from otklik.ports.channel import Sender

AT = 1_000_000_000


def arrival(at: int = AT, *, name: str = "", username: str = "") -> Arrival:
    sender = Sender("7", name=name, username=username)
    return Arrival("account", InboxId("inbox"), "telegram", sender, at)


@pytest.mark.parametrize(("name", "username", "shown"), [
    ("", "", ""),
    ("Вера", "", "Вера"),
    ("Вера", "vera", "Вера"),
    ("", "vera", "vera"),
    ("  Вера \n Ли ", "", "Вера Ли"),
    ("a\x00b", "", "a\ufffdb"),
    ("я" * 300, "", "я" * 119 + "…"),
])  # fmt: skip
def test_names(name: str, username: str, shown: str) -> None:
    assert display_name(arrival(name=name, username=username)) == shown


@pytest.mark.parametrize(("known_as", "own", "new", "shown"), [
    ("Вера", "Вера", "Вера Ли", "Вера Ли"),
    ("Постоянная", "Вера", "Вера Ли", "Постоянная"),
    ("", "", "Вера", "Вера"),
    ("Вера", "Вера", "", "Вера"),
])  # fmt: skip
def test_a_name_given_by_an_operator_stays(known_as: str, own: str, new: str, shown: str) -> None:
    person = replace(newcomer(arrival(name=own), "c", "i"), contact_name=known_as)
    assert met_again(person, arrival(AT + 1, name=new)).contact_name == shown


@given(st.integers(-10 * SEEN_STEP_MS, 10 * SEEN_STEP_MS))
def test_when_somebody_was_seen_never_goes_back(later: int) -> None:
    person = newcomer(arrival(name="Вера"), "c", "i")
    again = met_again(person, arrival(AT + later, name="Вера"))
    assert (again.seen_at or 0) >= AT
    assert (again is person) == (later < SEEN_STEP_MS)


def test_a_newcomer_is_reachable_and_vouched_for_by_the_channel() -> None:
    person = newcomer(arrival(name="Вера", username="vera"), "c", "i")
    assert (person.reachable, person.evidence, person.external_id) == (True, "channel", "7")
