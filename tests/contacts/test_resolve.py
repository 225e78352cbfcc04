"""Who is one person: the rules, case by case, and what holds whatever the order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from otklik.contacts.evidence import Claim, Evidence
from otklik.contacts.resolve import (
    FRESH_MS,
    LOGIN_REACH_MS,
    MOST_HOLDERS,
    Known,
    Login,
    resolve,
    root_of,
    sides,
)
from tests.contacts.known import (
    DAY_MS,
    EMAIL,
    OTHER_PHONE,
    PHONE,
    A,
    B,
    C,
    address,
    doubts,
    has,
    known,
    said,
    together,
)

PAIR = frozenset({"telegram:1", "whatsapp:1"})


@pytest.mark.parametrize(("one", "other", "joined", "doubt"), [
    (A, A, True, None),
    (A, B, True, None),
    (B, A, True, None),
    (B, B, False, "given"),
    (A, C, False, "claimed"),
    (C, C, False, "claimed"),
])  # fmt: skip
@pytest.mark.parametrize("value", [PHONE, EMAIL])
def test_only_proof_joins_and_the_rest_is_proposed(
    one: Evidence, other: Evidence, joined: bool, doubt: str | None, value: str
) -> None:
    facts = known(has("telegram:1", value, one), has("whatsapp:1", value, other))
    assert together(resolve(facts)) == ({PAIR} if joined else set())
    assert doubts(facts) == (set() if doubt is None else {(PAIR, doubt)})


def test_a_typo_is_another_number() -> None:
    facts = known(has("telegram:1", PHONE, A), has("whatsapp:1", PHONE[:-1] + "4", A))
    assert not together(resolve(facts))
    assert not doubts(facts)


def test_a_number_that_rested_may_belong_to_somebody_else() -> None:
    days = FRESH_MS // DAY_MS
    within = known(has("telegram:1", PHONE, A, last=5), has("whatsapp:1", PHONE, B, first=5 + days))
    past = known(has("telegram:1", PHONE, A, last=5), has("whatsapp:1", PHONE, B, first=6 + days))
    assert together(resolve(within)) == {PAIR}
    assert not together(resolve(past))
    assert doubts(past) == {(PAIR, "stale")}


def test_an_e_mail_does_not_rest() -> None:
    facts = known(has("telegram:1", EMAIL, A), has("email:1", EMAIL, B, first=900))
    assert together(resolve(facts)) == {frozenset({"telegram:1", "email:1"})}


def test_two_accounts_of_one_inbox_with_one_number_are_not_joined() -> None:
    facts = known(has("whatsapp:1", PHONE, A), has("whatsapp:2", PHONE, A))
    assert not together(resolve(facts))
    assert doubts(facts) == {(frozenset({"whatsapp:1", "whatsapp:2"}), "same_inbox")}


def test_a_number_of_two_accounts_of_one_inbox_joins_nobody_else_either() -> None:
    facts = known(
        has("whatsapp:1", PHONE, B), has("whatsapp:2", PHONE, B), has("telegram:1", PHONE, A)
    )
    assert not together(resolve(facts))


def test_two_logins_of_one_site_are_two_people_and_their_common_phone_joins_nobody() -> None:
    logins = [address("site:u:1", signed=True), address("site:u:2", signed=True)]
    facts = known(
        has("telegram:1", PHONE, A), has("site:u:1", PHONE, A), has("vk:1", PHONE, A),
        has("vk:1", EMAIL, A), has("site:u:2", EMAIL, A), others=logins,
    )  # fmt: skip
    parts = resolve(facts).parts
    assert not any({"site:u:1", "site:u:2"} <= part for part in parts)
    conflict = known(has("site:u:1", PHONE, A), has("site:u:2", PHONE, A), others=logins)
    assert not together(resolve(conflict))
    crossing = replace(facts, verdicts=(said("site:u:1", "site:u:2", same=True),))
    assert not any({"site:u:1", "site:u:2"} <= part for part in resolve(crossing).parts)


def test_logins_of_two_sites_may_be_one_person() -> None:
    facts = known(
        has("site1:u:1", PHONE, A), has("site2:u:1", PHONE, A),
        others=[address("site1:u:1", signed=True), address("site2:u:1", signed=True)],
    )  # fmt: skip
    assert len(together(resolve(facts))) == 1


def test_more_phones_than_a_person_has_join_nobody() -> None:
    chain = [f"+7916000{n:04}" for n in range(1000, 1006)]
    steps: list[Claim] = []
    for number, phone in enumerate(chain):
        steps += [has(f"inbox{number}:1", phone, A), has(f"inbox{number + 1}:1", phone, A)]
    parts = resolve(known(*steps)).parts
    assert len(parts) == 2
    held = [{step.value for step in steps if step.identity_id in part} for part in parts]
    assert "limit" in {doubt for _, doubt in doubts(known(*steps))}
    assert min(map(len, held)) <= 5


def test_a_phone_of_a_whole_firm_says_nothing() -> None:
    facts = known(*(has(f"inbox{n}:1", PHONE, A) for n in range(MOST_HOLDERS + 1)))
    assert not together(resolve(facts))
    assert not doubts(facts)


# --- logins ----------------------------------------------------------------------------------

SIGNED = address("site:u:1", signed=True)
STRANGER = "site:v:1"


def test_who_signs_in_takes_along_what_this_browser_wrote_lately() -> None:
    visitor = address(STRANGER, created_at=5)
    facts = known(others=[SIGNED, visitor], logins=[Login(STRANGER, "site:u:1", LOGIN_REACH_MS)])
    assert together(resolve(facts)) == {frozenset({STRANGER, "site:u:1"})}


def test_a_browser_used_for_long_gives_only_its_last_thirty_days() -> None:
    visitor = address(STRANGER, created_at=5)
    login = Login(STRANGER, "site:u:1", LOGIN_REACH_MS + 6)
    people = resolve(known(others=[SIGNED, visitor], logins=[login]))
    assert not together(people)
    assert [(edge.other_id, edge.since) for edge in people.edges] == [(STRANGER, 6)]


def test_a_second_login_gets_nothing_of_the_first() -> None:
    second = address("site:u:2", signed=True)
    logins = [Login(STRANGER, "site:u:2", 20), Login(STRANGER, "site:u:1", 10)]
    facts = known(others=[SIGNED, second, address(STRANGER)], logins=logins)
    assert together(resolve(facts)) == {frozenset({STRANGER, "site:u:1"})}


def test_one_person_may_sign_in_on_any_number_of_devices() -> None:
    devices = [address(f"site:v:{n}") for n in range(9)]
    logins = [Login(device.identity_id, "site:u:1", n) for n, device in enumerate(devices)]
    assert len(resolve(known(others=[SIGNED, *devices], logins=logins)).parts) == 1


# --- what operators say ----------------------------------------------------------------------


def test_an_operators_no_outweighs_proof() -> None:
    facts = known(has("telegram:1", PHONE, A), has("whatsapp:1", PHONE, A))
    no = replace(facts, verdicts=(said(*PAIR, same=False),))
    assert not together(resolve(no))
    assert not doubts(no)


def test_an_operators_yes_needs_no_proof_and_knows_no_limit() -> None:
    crowd = [f"telegram:{n}" for n in range(6)]
    verdicts = [said(crowd[0], other, same=True) for other in crowd[1:]]
    facts = known(others=[address(name) for name in crowd], verdicts=verdicts)
    assert together(resolve(facts)) == {frozenset(crowd)}


def test_the_sides_of_a_link_are_what_hangs_on_its_ends() -> None:
    facts = known(
        has("a:1", PHONE, A), has("b:1", PHONE, A), has("b:1", OTHER_PHONE, A),
        has("c:1", OTHER_PHONE, A),
    )  # fmt: skip
    edges = resolve(facts).edges
    (cut,) = (edge for edge in edges if edge.value == OTHER_PHONE)
    assert set(sides(edges, cut)) == {frozenset({"a:1", "b:1"}), frozenset({"c:1"})}


# --- whatever is known, in any order ---------------------------------------------------------

NAMES = [f"{inbox}:{n}" for inbox in ("telegram", "whatsapp", "vk", "max") for n in (1, 2, 3)]
NAMES += ["site:u:1", "site:u:2", "site:v:1", "site:v:2"]
VALUES = [PHONE, OTHER_PHONE, "+79167778899", EMAIL, "oleg@tea.example"]


@st.composite
def facts(draw: st.DrawFn) -> Known:
    claims = draw(st.lists(st.builds(
        has, st.sampled_from(NAMES), st.sampled_from(VALUES), st.sampled_from([A, B, C]),
        first=st.integers(0, 200),
    ), max_size=14, unique_by=lambda one: (one.identity_id, one.value, one.level)))  # fmt: skip
    logins = draw(st.lists(st.builds(
        Login, st.sampled_from(["site:v:1", "site:v:2"]),
        st.sampled_from(["site:u:1", "site:u:2"]), st.integers(0, 60).map(lambda day: day * DAY_MS),
    ), max_size=3, unique_by=lambda one: (one.visitor_id, one.signed_id)))  # fmt: skip
    pairs = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(
        lambda pair: pair[0] < pair[1]
    )
    words = draw(st.dictionaries(pairs, st.booleans(), max_size=4))
    verdicts = [said(*pair, same=same) for pair, same in words.items()]
    everybody = [address(name, signed=":u:" in name) for name in NAMES]
    return known(*claims, others=everybody, logins=logins, verdicts=verdicts)


def shuffled(known: Known) -> st.SearchStrategy[Known]:
    """The same facts in another order."""
    parts = (known.addresses, known.claims, known.logins, known.verdicts)
    return st.builds(Known, *(st.permutations(list(part)).map(tuple) for part in parts))


@given(facts().flatmap(lambda known: st.tuples(st.just(known), shuffled(known))))
def test_the_same_facts_in_any_order_give_the_same_people(pair: tuple[Known, Known]) -> None:
    one, other = resolve(pair[0]), resolve(pair[1])
    assert one == other
    addresses = {address.identity_id: address for address in pair[0].addresses}
    for people in one.parts:
        assert root_of(people, addresses) == root_of(sorted(people, reverse=True), addresses)


@given(facts())
def test_nobody_is_joined_against_a_word_or_across_two_logins(facts: Known) -> None:
    parts = resolve(facts).parts
    for part in parts:
        assert not {"site:u:1", "site:u:2"} <= part
        for verdict in facts.verdicts:
            assert verdict.is_same or not {verdict.one_id, verdict.other_id} <= part
    assert sorted(one for part in parts for one in part) == sorted(NAMES)


@given(facts())
def test_every_link_has_proof_a_login_or_an_operator_behind_it(facts: Known) -> None:
    levels: dict[tuple[str, str], set[Evidence]] = {}
    for claim in facts.claims:
        levels.setdefault((claim.identity_id, claim.value), set()).add(claim.level)
    for edge in resolve(facts).edges:
        if edge.reason in {"phone", "email"}:
            one = levels[(edge.one_id, edge.value)]
            other = levels[(edge.other_id, edge.value)]
            assert A in one
            assert other & {A, B}
        else:
            assert edge.reason in {"login", "operator"}


@given(facts())
def test_links_are_a_forest_over_exactly_the_people(facts: Known) -> None:
    people = resolve(facts)
    whole = [edge for edge in people.edges if not edge.since]
    assert len(whole) == sum(len(part) - 1 for part in people.parts)
    for edge in whole:
        one, other = sides(people.edges, edge)
        assert not one & other
        assert one | other in people.parts
