"""The parts of the front door on their own: passwords, tickets, rules, sweeping."""

import asyncio
import statistics
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from otklik.accounts.jobs import keep_sweeping, sweep
from otklik.accounts.passwords import Passwords
from otklik.accounts.rules import tidy_email, weakness_of, why_not_change
from otklik.accounts.service import sessions
from otklik.accounts.service.operators import (
    add_operator,
    create_account,
    first_owner,
    set_up_operator,
)
from otklik.accounts.service.sessions import issue_link
from otklik.accounts.store import operators
from otklik.accounts.tickets import Tickets
from otklik.accounts.types import NewOperator, OperatorPatch, Role, WrongCredentialsError
from otklik.kernel.errors import InvalidError, NotFoundError
from tests.accounts.house import DAY, PASSWORD, HandClock, House

KEY, OLD_KEY = b"k" * 32, b"o" * 32


class TestPasswords:
    async def test_the_hash_is_argon2id_of_46_mib(self) -> None:
        hashed = await Passwords().hashed("correct horse")
        assert hashed.startswith("$argon2id$v=19$m=47104,t=1,p=1$")

    async def test_a_hash_of_other_cost_is_to_be_made_anew(self) -> None:
        old = await Passwords(memory_kib=64).hashed("correct horse")
        verdict = await Passwords(memory_kib=128).check(old, "correct horse")
        assert verdict.fits
        assert verdict.outdated

    async def test_composed_and_decomposed_letters_are_one(self) -> None:
        passwords = Passwords(memory_kib=64)
        stored = await passwords.hashed("йод и ёлка")
        assert (await passwords.check(stored, "и\u0306од и е\u0308лка")).fits

    @pytest.mark.parametrize("stored", ["", "not a hash", "$argon2id$v=19$broken"])
    async def test_nothing_fits_a_missing_hash(self, stored: str) -> None:
        assert not (await Passwords(memory_kib=64).check(stored, "")).fits

    async def test_an_unknown_person_costs_the_same_work(self) -> None:
        passwords = Passwords()
        stored = await passwords.hashed("correct horse")
        spans: dict[str, list[float]] = {stored: [], "": []}
        for _ in range(15):
            for candidate, taken in spans.items():
                start = time.perf_counter()
                await passwords.check(candidate, "wrong")
                taken.append(time.perf_counter() - start)
        known, unknown = (statistics.median(taken) for taken in spans.values())
        assert unknown > known / 3  # without the work it would be a thousandth


class TestTickets:
    def test_a_ticket_opens_once(self) -> None:
        tickets = Tickets((KEY,), HandClock())
        ticket = tickets.issue("desk", "session:abc")
        assert tickets.redeem("desk", ticket) == "session:abc"
        assert tickets.redeem("desk", ticket) is None

    def test_a_ticket_is_for_one_purpose_and_half_a_minute(self) -> None:
        clock = HandClock()
        tickets = Tickets((KEY,), clock)
        ticket, late = tickets.issue("visitor", "v"), tickets.issue("visitor", "v")
        assert tickets.redeem("desk", ticket) is None
        clock.pass_ms(29_999)
        assert tickets.redeem("visitor", ticket) == "v"
        clock.pass_ms(1)
        assert tickets.redeem("visitor", late) is None

    def test_a_used_ticket_is_forgotten_only_when_it_is_dead_anyway(self) -> None:
        clock = HandClock()
        tickets = Tickets((KEY,), clock)
        used = [tickets.issue("desk", str(n)) for n in range(50)]
        assert all(tickets.redeem("desk", ticket) for ticket in used)
        clock.pass_ms(30_000)
        fresh = tickets.issue("desk", "fresh")
        assert tickets.redeem("desk", fresh) == "fresh"
        assert not any(tickets.redeem("desk", ticket) for ticket in used)
        assert len(tickets._used) == 1  # it must not grow for ever

    def test_a_ticket_signed_before_a_rotation_still_opens(self) -> None:
        clock = HandClock()
        ticket = Tickets((OLD_KEY,), clock).issue("desk", "x")
        assert Tickets((KEY, OLD_KEY), clock).redeem("desk", ticket) == "x"
        assert Tickets((KEY,), clock).redeem("desk", ticket) is None

    @given(st.text(max_size=200))
    def test_nonsense_opens_nothing(self, text: str) -> None:
        assert Tickets((KEY,), HandClock()).redeem("desk", text) is None

    @given(st.integers(min_value=0), st.sampled_from("abcXYZ019-_."))
    def test_a_changed_letter_closes_it(self, place: int, letter: str) -> None:
        tickets = Tickets((KEY,), HandClock())
        ticket = tickets.issue("desk", "session:abc")
        at = place % (len(ticket) - 1)  # the last letter holds bits that base64 ignores
        changed = ticket[:at] + letter + ticket[at + 1 :]
        if changed != ticket and ticket[at + 1] != ".":  # so does the one before the dot
            assert tickets.redeem("desk", changed) is None


class TestRules:
    @given(st.text(max_size=60))
    def test_a_tidy_email_is_tidy(self, text: str) -> None:
        tidy = tidy_email(text)
        if tidy is not None:
            assert tidy_email(tidy) == tidy
            assert tidy.count("@") == 1
            assert not any(letter.isspace() for letter in tidy)

    @pytest.mark.parametrize(
        ("password", "is_weak"),
        [("12345678", True), ("ПАРОЛЬ123", True), ("olga-shop", True), ("olga-shop-2", False)],
    )
    def test_weakness(self, password: str, is_weak: bool) -> None:
        assert (weakness_of(password, "olga-shop@x.example") is not None) == is_weak

    @given(
        st.sampled_from(list(Role)),
        st.sampled_from([None, *Role]),
        st.sampled_from([None, True, False]),
    )
    def test_admins_never_touch_owners(
        self,
        target: Role,
        role: Role | None,
        active: bool | None,
    ) -> None:
        patch = OperatorPatch(role=role, active=active)
        denial = why_not_change(Role.ADMIN, target, patch, is_last_owner=False)
        assert (denial is None) == (Role.OWNER not in {target, role})


async def test_sweeping_leaves_only_what_lives(house: House) -> None:
    owner = await house.owner()
    await issue_link(house.accounts, owner.account_id, owner.id)
    async with house.browser() as browser:
        await browser.post("/api/v1/sign-in/link", json={"token": "guess"})
    async with house.signed_in("olga@shop.example"):
        pass
    house.clock.pass_ms(DAY)
    async with house.signed_in("olga@shop.example"):
        await sweep(house.accounts)
    rows = await house.accounts.database.read(
        lambda c: [
            c.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar()  # noqa: S608 - fixed names
            for name in ("sessions", "sign_in_links")
        ]
    )
    assert rows == [1, 0]


async def test_an_old_hash_is_made_anew_at_the_next_sign_in(house: House) -> None:
    owner = await house.owner()
    cheap = await Passwords(memory_kib=32).hashed(PASSWORD)
    database = house.accounts.database
    await database.write(lambda c: operators.replace_hash(c, owner.account_id, owner, cheap))
    async with house.signed_in("olga@shop.example"):
        pass
    stored = await database.read(lambda c: operators.operator(c, owner.account_id, owner.id))
    assert stored is not None
    assert "m=64," in stored.password_hash
    async with house.signed_in("olga@shop.example"):
        pass


async def test_a_password_that_changes_during_the_check_opens_nothing(house: House) -> None:
    owner = await house.owner()
    stale = replace(owner, password_hash="what it was when it was read")
    with pytest.raises(WrongCredentialsError):
        await sessions._open(house.accounts, stale, address="", by_link=False)  # the second half


async def test_the_command_line_finds_and_sets_up_the_first_owner(house: House) -> None:
    assert await first_owner(house.accounts) is None
    blank = await create_account(house.accounts, "Лавка")
    other = await create_account(house.accounts, "Другая")
    found = await first_owner(house.accounts)
    assert found == min((blank, other), key=lambda operator: operator.id)
    with pytest.raises(InvalidError) as refusal:
        await set_up_operator(house.accounts, blank, name="О", email="o@x.example", password="123")
    assert refusal.value.field == "password"
    with pytest.raises(NotFoundError):
        await issue_link(house.accounts, blank.account_id, other.id)
    with pytest.raises(NotFoundError):
        await add_operator(house.accounts, "nowhere", NewOperator("И", "i@x.example"))


async def test_two_who_take_one_email_at_the_same_moment(house: House) -> None:
    owner = await house.owner()
    await house.colleague(owner.account_id, "petr@shop.example", Role.OPERATOR)
    wish = {"email": "new@shop.example", "current_password": PASSWORD}
    async with (
        house.signed_in("olga@shop.example") as hers,
        house.signed_in("petr@shop.example") as his,
    ):
        answers = await asyncio.gather(
            hers.put("/api/v1/me", json=wish), his.put("/api/v1/me", json=wish)
        )
    assert sorted(answer.status_code for answer in answers) == [200, 422]


async def test_sweeping_goes_on_by_itself(house: House) -> None:
    owner = await house.owner()
    await issue_link(house.accounts, owner.account_id, owner.id)
    house.clock.pass_ms(DAY)
    sweeping = asyncio.create_task(keep_sweeping(house.accounts))

    async def links_left() -> int:
        return await house.accounts.database.read(
            lambda c: c.exec_driver_sql("SELECT count(*) FROM sign_in_links").scalar_one()
        )

    async with asyncio.timeout(5):
        while await links_left():  # noqa: ASYNC110 - a job that tells nobody when it is done
            await asyncio.sleep(0.01)
    sweeping.cancel()
    await asyncio.gather(sweeping, return_exceptions=True)
    assert await links_left() == 0


async def test_an_inactive_operator_is_out_even_with_a_session_left_behind(house: House) -> None:
    owner = await house.owner()
    async with house.signed_in("olga@shop.example") as browser:
        gone = replace(owner, active=False)
        await house.accounts.database.write(lambda c: operators.save_operator(c, gone))
        assert (await browser.get("/api/v1/me")).status_code == 401
