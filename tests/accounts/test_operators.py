"""Colleagues, one's own profile and API keys over HTTP."""

import asyncio

import httpx
import pytest

from otklik.accounts.service.sessions import by_credential, still_valid
from otklik.accounts.types import Role
from otklik.kernel.errors import NotSignedInError
from tests.accounts.house import DAY, HOUR, PASSWORD, House

ME = "/api/v1/me"
OPERATORS = "/api/v1/operators"
KEYS = "/api/v1/api-keys"
OLGA, PETR = "olga@shop.example", "petr@shop.example"
NEW_PASSWORD = "eleven green bottles"


def fields(answer: httpx.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("field")


class TestInviting:
    async def test_an_invited_colleague_comes_in_by_the_link(self, house: House) -> None:
        await house.owner()
        async with house.signed_in(OLGA) as browser:
            wish = {"name": "Пётр", "email": PETR, "role": "operator"}
            invited = await browser.post(OPERATORS, json=wish)
            assert invited.status_code == 201, invited.text
            names = [entry["name"] for entry in (await browser.get(OPERATORS)).json()]
        assert names == ["Ольга", "Пётр"]
        token = invited.json()["link"].partition("#")[2]
        async with house.browser() as browser:
            me = (await browser.post("/api/v1/sign-in/link", json={"token": token})).json()
        assert me["operator"]["email"] == PETR
        assert "account" not in me["scopes"]

    async def test_an_email_belongs_to_one_operator(self, house: House) -> None:
        await house.owner()
        async with house.signed_in(OLGA) as browser:
            wish = {"name": "Двойник", "email": OLGA.upper()}
            assert fields(await browser.post(OPERATORS, json=wish)) == (422, "email")

    async def test_of_parallel_invitations_of_one_email_one_succeeds(self, house: House) -> None:
        await house.owner()
        async with house.signed_in(OLGA) as browser:
            wish = {"name": "Пётр", "email": PETR}
            answers = await asyncio.gather(*(browser.post(OPERATORS, json=wish) for _ in range(8)))
        assert sorted(answer.status_code for answer in answers) == [201] + [422] * 7

    @pytest.mark.parametrize("email", ["", "nobody", "a@", "@b", "a b@c.example", "a@b@c", "a@b."])
    async def test_what_is_no_email_is_refused_by_name(self, house: House, email: str) -> None:
        await house.owner()
        async with house.signed_in(OLGA) as browser:
            answer = await browser.post(OPERATORS, json={"name": "Имя", "email": email})
        assert fields(answer) == (422, "email")

    async def test_a_fresh_link_replaces_a_lost_one(self, house: House) -> None:
        owner = await house.owner()
        petr = await house.colleague(owner.account_id, PETR, Role.OPERATOR)
        async with house.signed_in(OLGA) as browser:
            answer = await browser.post(f"{OPERATORS}/{petr.id}/link")
        assert answer.json()["link"].startswith("/welcome#")


class TestRoles:
    async def test_an_admin_makes_nobody_an_owner(self, house: House) -> None:
        owner = await house.owner()
        admin = await house.colleague(owner.account_id, PETR, Role.ADMIN)
        async with house.signed_in(PETR) as browser:
            for path, change in (
                (f"{OPERATORS}/{admin.id}", {"role": "owner"}),
                (f"{OPERATORS}/{owner.id}", {"role": "operator"}),
                (f"{OPERATORS}/{owner.id}", {"active": False}),
            ):
                answer = await browser.patch(path, json=change)
                assert answer.status_code == 403, change
            wish = {"name": "Имя", "email": "new@shop.example", "role": "owner"}
            assert (await browser.post(OPERATORS, json=wish)).status_code == 403
            link = await browser.post(f"{OPERATORS}/{owner.id}/link")
            assert link.status_code == 403

    async def test_the_last_owner_stays(self, house: House) -> None:
        owner = await house.owner()
        async with house.signed_in(OLGA) as browser:
            for change in ({"active": False}, {"role": "admin"}):
                answer = await browser.patch(f"{OPERATORS}/{owner.id}", json=change)
                assert answer.status_code == 409

    async def test_two_owners_cannot_demote_each_other_at_once(self, house: House) -> None:
        owner = await house.owner()
        other = await house.colleague(owner.account_id, PETR, Role.OWNER)
        async with house.signed_in(OLGA) as first, house.signed_in(PETR) as second:
            answers = await asyncio.gather(
                first.patch(f"{OPERATORS}/{other.id}", json={"role": "admin"}),
                second.patch(f"{OPERATORS}/{owner.id}", json={"role": "admin"}),
            )
        done, refused = sorted(answer.status_code for answer in answers)
        assert done == 200
        assert refused in {401, 403, 409}

    async def test_a_deactivated_operator_is_out_at_once(self, house: House) -> None:
        owner = await house.owner()
        petr = await house.colleague(owner.account_id, PETR, Role.OPERATOR)
        async with house.signed_in(PETR) as his, house.signed_in(OLGA) as hers:
            assert (await his.get(ME)).status_code == 200
            await hers.patch(f"{OPERATORS}/{petr.id}", json={"active": False})
            assert (await his.get(ME)).status_code == 401
            wish = {"email": PETR, "password": PASSWORD}
            again = await his.post("/api/v1/sign-in", json=wish)
            assert again.json()["code"] == "wrong_credentials"
        assert len(house.ended) == 1

    async def test_a_new_role_signs_out_everywhere(self, house: House) -> None:
        owner = await house.owner()
        petr = await house.colleague(owner.account_id, PETR, Role.ADMIN)
        async with house.signed_in(PETR) as his, house.signed_in(OLGA) as hers:
            await hers.patch(f"{OPERATORS}/{petr.id}", json={"role": "operator"})
            assert (await his.get(ME)).status_code == 401
        async with house.signed_in(PETR) as his:
            assert (await his.get(KEYS)).status_code == 403


class TestProfile:
    async def test_a_new_password_ends_the_other_sign_ins(self, house: House) -> None:
        await house.owner()
        async with house.signed_in(OLGA) as here, house.signed_in(OLGA) as there:
            wish = {"password": NEW_PASSWORD, "current_password": PASSWORD}
            assert (await here.put(ME, json=wish)).status_code == 200
            assert (await here.get(ME)).status_code == 200
            assert (await there.get(ME)).status_code == 401
        assert len(house.ended) == 1
        async with house.signed_in(OLGA, NEW_PASSWORD):
            pass

    @pytest.mark.parametrize("wish", [{"password": NEW_PASSWORD}, {"email": "new@x.example"}])
    async def test_the_present_password_is_asked_for(
        self, house: House, wish: dict[str, str]
    ) -> None:
        await house.owner()
        async with house.signed_in(OLGA) as browser:
            for proof in ({}, {"current_password": "guess"}):
                answer = await browser.put(ME, json=wish | proof)
                assert fields(answer) == (422, "current_password")

    async def test_the_present_password_cannot_be_guessed_at_length(self, house: House) -> None:
        await house.owner()
        async with house.signed_in(OLGA) as browser:
            wish = {"password": NEW_PASSWORD, "current_password": "guess"}
            answers = [(await browser.put(ME, json=wish)).status_code for _ in range(6)]
        assert answers == [422] * 5 + [429]

    @pytest.mark.parametrize(
        "password", ["short", "x" * 129, "password123", "йцукенгшщз", "11111111", OLGA, "abcdefgh"]
    )
    async def test_weak_passwords_are_refused_by_name(self, house: House, password: str) -> None:
        await house.owner()
        async with house.signed_in(OLGA) as browser:
            wish = {"password": password, "current_password": PASSWORD}
            assert fields(await browser.put(ME, json=wish)) == (422, "password")

    async def test_language_and_name_need_no_proof(self, house: House) -> None:
        await house.owner()
        async with house.signed_in(OLGA) as browser:
            me = (await browser.put(ME, json={"locale": "en", "name": "Olga\x00"})).json()
        assert me["locale"] == "en"
        assert me["operator"]["name"] == "Olga\ufffd"

    async def test_an_unknown_field_is_named(self, house: House) -> None:
        await house.owner()
        async with house.signed_in(OLGA) as browser:
            assert fields(await browser.put(ME, json={"role": "owner"})) == (422, "role")


class TestKeys:
    async def test_a_key_opens_what_its_scopes_say_and_is_shown_once(self, house: House) -> None:
        await house.owner()
        async with house.signed_in(OLGA) as browser:
            wish = {"title": "Витрина", "scopes": ["operators:read"]}
            made = (await browser.post(KEYS, json=wish)).json()
            listed = (await browser.get(KEYS)).json()
        assert made["key"].startswith("otk_")
        assert made["key"].startswith(made["prefix"])
        assert made["key"] not in str(listed)
        async with house.browser() as program:
            program.headers["authorization"] = f"Bearer {made['key']}"
            assert (await program.get(OPERATORS)).status_code == 200
            assert (await program.get(KEYS)).status_code == 403
            assert (await program.get(ME)).status_code == 403
            assert (await program.post(OPERATORS, json={})).status_code == 403
        async with house.signed_in(OLGA) as browser:
            used = (await browser.get(KEYS)).json()[0]["last_used_at"]
        assert used == house.clock.now

    async def test_a_revoked_key_opens_nothing_and_its_sockets_close(self, house: House) -> None:
        key, browser_key = await self._made(house)
        async with house.signed_in(OLGA) as browser, house.browser() as program:
            program.headers["authorization"] = f"Bearer {key}"
            assert (await program.get(OPERATORS)).status_code == 200
            assert (await browser.delete(f"{KEYS}/{browser_key}")).status_code == 204
            assert (await program.get(OPERATORS)).status_code == 401
            assert (await browser.delete(f"{KEYS}/{browser_key}")).status_code == 404
        assert house.ended == {f"key:{browser_key}"}
        with pytest.raises(NotSignedInError):
            await by_credential(house.accounts, f"key:{browser_key}")

    async def test_a_key_expires(self, house: House) -> None:
        key, key_id = await self._made(house, expires_at=house.clock.now + DAY)
        async with house.browser() as program:
            program.headers["authorization"] = f"Bearer {key}"
            house.clock.pass_ms(DAY - 1)
            assert (await program.get(OPERATORS)).status_code == 200
            assert await still_valid(house.accounts, [f"key:{key_id}"])
            house.clock.pass_ms(1)
            assert (await program.get(OPERATORS)).status_code == 401
            assert not await still_valid(house.accounts, [f"key:{key_id}"])

    async def test_a_key_can_do_no_more_than_its_maker_now(self, house: House) -> None:
        owner = await house.owner()
        petr = await house.colleague(owner.account_id, PETR, Role.ADMIN)
        async with house.signed_in(PETR) as his, house.signed_in(OLGA) as hers:
            wish = {"title": "Ключ", "scopes": ["webhooks", "operators:read"]}
            made = (await his.post(KEYS, json=wish)).json()
            credential = f"key:{made['id']}"
            before = await by_credential(house.accounts, credential)
            await hers.patch(f"{OPERATORS}/{petr.id}", json={"role": "operator"})
            after = await by_credential(house.accounts, credential)
            assert before.scopes == {"webhooks", "operators:read"}
            assert after.scopes == {"operators:read"}
            await hers.patch(f"{OPERATORS}/{petr.id}", json={"active": False})
        async with house.browser() as program:
            program.headers["authorization"] = f"Bearer {made['key']}"
            assert (await program.get(OPERATORS)).status_code == 401

    @pytest.mark.parametrize(
        ("wish", "field"),
        [
            ({"title": "К", "scopes": ["account"]}, "scopes"),
            ({"title": "К", "scopes": []}, "scopes"),
            ({"title": "К", "scopes": ["everything"]}, "scopes[0]"),
            ({"title": "", "scopes": ["webhooks"]}, "title"),
            ({"title": "К", "scopes": ["webhooks"], "expires_at": 1}, "expires_at"),
            ({"scopes": ["webhooks"]}, "title"),
        ],
    )
    async def test_unfit_wishes_are_refused_by_name(
        self, house: House, wish: dict[str, object], field: str
    ) -> None:
        await house.owner()
        async with house.signed_in(OLGA) as browser:
            assert fields(await browser.post(KEYS, json=wish)) == (422, field)

    async def _made(self, house: House, **extra: int) -> tuple[str, str]:
        await house.owner()
        async with house.signed_in(OLGA) as browser:
            wish = {"title": "Ключ", "scopes": ["operators:read"], **extra}
            made = (await browser.post(KEYS, json=wish)).json()
        return made["key"], made["id"]


async def test_everything_that_opens_or_changes_access_is_on_record(house: House) -> None:
    owner = await house.owner()
    async with house.browser() as browser:
        await browser.post("/api/v1/sign-in", json={"email": OLGA, "password": "guess"})
    async with house.signed_in(OLGA) as browser:
        wish = {"name": "Пётр", "email": PETR}
        petr = (await browser.post(OPERATORS, json=wish)).json()["operator"]["id"]
        await browser.patch(f"{OPERATORS}/{petr}", json={"role": "admin"})
        made = (await browser.post(KEYS, json={"title": "К", "scopes": ["webhooks"]})).json()
        await browser.delete(f"{KEYS}/{made['id']}")
        await browser.post("/api/v1/sign-out")
    lines = await house.accounts.database.read(
        lambda c: c.exec_driver_sql(
            "SELECT action, subject, operator_id, address FROM audit ORDER BY id"
        ).all()
    )
    assert sorted(line[0] for line in lines) == [
        "key_made",
        "key_revoked",
        "link_issued",
        "operator_added",
        "operator_changed",
        "sign_in",
        "sign_in_failed",
        "sign_out",
    ]
    changed = next(line for line in lines if line[0] == "operator_changed")
    assert tuple(changed) == ("operator_changed", petr, owner.id, "203.0.113.7")


async def test_sockets_learn_that_a_session_ran_out(house: House) -> None:
    await house.owner()
    async with house.signed_in(OLGA) as browser:
        ticket = (await browser.post("/api/v1/live/ticket")).json()["ticket"]
    credential = house.door.tickets.redeem("desk", ticket)
    assert credential is not None
    assert house.door.tickets.redeem("desk", ticket) is None
    caller = await by_credential(house.accounts, credential)
    assert caller.name == "Ольга"
    assert await still_valid(house.accounts, [credential, "session:none"]) == {credential}
    house.clock.pass_ms(12 * HOUR)
    assert not await still_valid(house.accounts, [credential])
