"""Signing in: who gets in, for how long, and how often one may try."""

import asyncio

import httpx

from otklik.accounts.service.operators import create_account
from otklik.accounts.service.sessions import issue_link, still_valid
from otklik.platform.database import Database
from tests.accounts.house import DAY, HOUR, PASSWORD, House, opened

SIGN_IN = "/api/v1/sign-in"
ME = "/api/v1/me"
OLGA = "olga@shop.example"


async def try_password(browser: httpx.AsyncClient, password: str, email: str = OLGA) -> int:
    answer = await browser.post(SIGN_IN, json={"email": email, "password": password})
    return answer.status_code


async def test_the_right_password_opens_a_session(house: House) -> None:
    await house.owner()
    async with house.signed_in(" OLGA@shop.example ") as browser:
        me = (await browser.get(ME)).json()
    assert me["operator"]["email"] == OLGA
    assert me["account"]["title"] == "Лавка"
    assert "account" in me["scopes"]
    assert me["password_set"] is True


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(database: Database) -> None:
    async with opened(database, secure=True) as house:
        await house.owner()
        async with house.browser() as browser:
            answer = await browser.post(SIGN_IN, json={"email": OLGA, "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-otklik_session=")
    for word in ("httponly", "secure", "samesite=lax", "path=/"):
        assert word in cookie
    assert "domain" not in cookie


async def test_a_wrong_password_and_an_unknown_email_get_the_same_answer(house: House) -> None:
    await house.owner()
    async with house.browser() as browser:
        wrong = await browser.post(SIGN_IN, json={"email": OLGA, "password": "nonsense1"})
        unknown = await browser.post(SIGN_IN, json={"email": "x@y.example", "password": "z"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content
    assert wrong.json()["code"] == "wrong_credentials"


async def test_the_sixth_try_from_an_address_waits(house: House) -> None:
    await house.owner()
    async with house.browser() as browser:
        tries = [await try_password(browser, "nonsense1", f"n{n}@x.example") for n in range(6)]
        refused = await browser.post(SIGN_IN, json={"email": OLGA, "password": PASSWORD})
        assert tries == [401] * 5 + [429]
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 300
        house.clock.pass_ms(5 * 60_000)
        assert await try_password(browser, PASSWORD) == 200


async def test_the_eleventh_try_for_an_email_waits_wherever_it_comes_from(house: House) -> None:
    await house.owner()
    tries = []
    for n in range(11):
        async with house.browser(f"198.51.100.{n}") as browser:
            tries.append(await try_password(browser, "nonsense1"))
    assert tries == [401] * 10 + [429]


async def test_of_a_hundred_parallel_guesses_five_are_evaluated(house: House) -> None:
    await house.owner()
    async with house.browser() as browser:
        answers = await asyncio.gather(*(try_password(browser, f"guess {n}") for n in range(100)))
    assert sorted(answers) == [401] * 5 + [429] * 95


async def test_rightful_sign_ins_do_not_use_up_the_limit(house: House) -> None:
    await house.owner()
    async with house.browser() as browser:
        assert [await try_password(browser, PASSWORD) for _ in range(8)] == [200] * 8
        assert [await try_password(browser, "nonsense1") for _ in range(6)] == [401] * 5 + [429]


async def test_an_unused_session_ends_and_a_used_one_lives_until_its_last_day(
    house: House,
) -> None:
    await house.owner()
    async with house.signed_in(OLGA) as browser:
        house.clock.pass_ms(12 * HOUR - 1)
        assert (await browser.get(ME)).status_code == 200
        house.clock.pass_ms(12 * HOUR)
        assert (await browser.get(ME)).status_code == 401
    async with house.signed_in(OLGA) as browser:
        for _ in range(3 * 30 - 1):
            house.clock.pass_ms(DAY // 3)
            assert (await browser.get(ME)).status_code == 200
        house.clock.pass_ms(DAY // 3)
        assert (await browser.get(ME)).status_code == 401


async def test_signing_out_ends_the_session_and_tells_its_sockets(house: House) -> None:
    await house.owner()
    async with house.signed_in(OLGA) as browser:
        token = browser.cookies["otklik_session"]
        assert (await browser.post("/api/v1/sign-out")).status_code == 204
        assert "otklik_session" not in browser.cookies
        browser.cookies.set("otklik_session", token)
        assert (await browser.get(ME)).status_code == 401
    assert len(house.ended) == 1
    assert await still_valid(house.accounts, house.ended) == frozenset()


async def test_signing_in_again_changes_the_session(house: House) -> None:
    await house.owner()
    async with house.signed_in(OLGA) as browser:
        first = browser.cookies["otklik_session"]
        await try_password(browser, PASSWORD)
        assert browser.cookies["otklik_session"] != first
        async with house.browser() as thief:
            thief.cookies.set("otklik_session", first)
            assert (await thief.get(ME)).status_code == 401


async def test_secrets_are_not_in_the_database(house: House) -> None:
    await house.owner()
    async with house.signed_in(OLGA) as browser:
        token = browser.cookies["otklik_session"]
    rows = await house.accounts.database.read(
        lambda c: [
            str(tuple(row))
            for name in ("sessions", "operators", "audit", "attempts")
            for row in c.exec_driver_sql(f"SELECT * FROM {name}")  # noqa: S608 - fixed names
        ]
    )
    assert rows
    assert not [row for row in rows if token in row or PASSWORD in row]


class TestLinks:
    async def test_the_first_admin_comes_by_link_and_chooses_a_password(self, house: House) -> None:
        owner = await create_account(house.accounts, "Лавка")
        link = await issue_link(house.accounts, owner.account_id, owner.id)
        assert link.startswith("/welcome#")
        token = link.partition("#")[2]
        async with house.browser() as browser:
            me = await browser.post(f"{SIGN_IN}/link", json={"token": token})
            assert me.json()["operator"]["email"] == ""
            assert me.json()["password_set"] is False
            browser.headers["x-csrf-token"] = me.json()["csrf_token"]
            wish = {"name": "Ольга", "email": OLGA, "password": PASSWORD}
            changed = await browser.put(ME, json=wish)
            assert changed.status_code == 200, changed.text
            assert changed.json()["password_set"] is True
        async with house.browser() as other:
            assert await try_password(other, PASSWORD) == 200

    async def test_of_twenty_parallel_uses_one_succeeds(self, house: House) -> None:
        owner = await house.owner()
        token = (await issue_link(house.accounts, owner.account_id, owner.id)).partition("#")[2]

        async def use(n: int) -> int:
            async with house.browser(f"198.51.100.{n}") as browser:
                answer = await browser.post(f"{SIGN_IN}/link", json={"token": token})
                return answer.status_code

        answers = await asyncio.gather(*(use(n) for n in range(20)))
        assert sorted(answers) == [200] + [410] * 19

    async def test_a_link_dies_after_half_an_hour(self, house: House) -> None:
        owner = await house.owner()
        token = (await issue_link(house.accounts, owner.account_id, owner.id)).partition("#")[2]
        house.clock.pass_ms(30 * 60_000)
        async with house.browser() as browser:
            answer = await browser.post(f"{SIGN_IN}/link", json={"token": token})
        assert answer.status_code == 410
        assert answer.json()["code"] == "link_spent"

    async def test_links_cannot_be_guessed_at_length(self, house: House) -> None:
        async with house.browser() as browser:
            answers = [
                (await browser.post(f"{SIGN_IN}/link", json={"token": f"guess{n}"})).status_code
                for n in range(6)
            ]
        assert answers == [410] * 5 + [429]

    async def test_an_empty_token_equals_nothing(self, house: House) -> None:
        await house.owner()
        async with house.browser() as browser:
            answer = await browser.post(f"{SIGN_IN}/link", json={"token": ""})
        assert answer.status_code == 410


class TestForeignPages:
    async def test_an_unsafe_request_needs_the_token(self, house: House) -> None:
        await house.owner()
        async with house.signed_in(OLGA) as browser:
            browser.headers["x-csrf-token"] = "wrong"
            answer = await browser.put(ME, json={"name": "Зло"})
            assert (answer.status_code, answer.json()["code"]) == (403, "csrf")

    async def test_a_foreign_origin_is_refused_even_with_the_token(self, house: House) -> None:
        await house.owner()
        async with house.signed_in(OLGA) as browser:
            for origin in ("https://evil.example", "null", "http://desk.example.evil.example"):
                answer = await browser.put(ME, json={}, headers={"origin": origin})
                assert answer.json()["code"] == "csrf", origin
            own = await browser.put(ME, json={}, headers={"origin": "http://desk.example"})
            assert own.status_code == 200

    async def test_a_foreign_page_cannot_sign_anybody_in(self, house: House) -> None:
        await house.owner()
        wish = {"email": OLGA, "password": PASSWORD}
        async with house.browser() as browser:
            for header in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
                answer = await browser.post(SIGN_IN, json=wish, headers=header)
                assert answer.json()["code"] == "csrf"


async def test_only_a_trusted_proxy_is_believed_about_addresses(database: Database) -> None:
    async with opened(database, proxies="10.0.0.0/8") as house:
        await house.owner()
        async with house.browser("10.1.1.1") as behind_proxy:
            tries = []
            for n in range(7):
                header = {"x-forwarded-for": f"6.6.6.6, 198.51.100.{n}"}
                answer = await behind_proxy.post(
                    SIGN_IN, json={"email": f"{n}@x.example", "password": "x"}, headers=header
                )
                tries.append(answer.status_code)
        direct_tries = []
        async with house.browser("203.0.113.50") as direct:
            for n in range(6):
                header = {"x-forwarded-for": f"198.51.100.{n}"}
                answer = await direct.post(
                    SIGN_IN, json={"email": f"{n}@x.example", "password": "x"}, headers=header
                )
                direct_tries.append(answer.status_code)
    assert tries == [401] * 7
    assert direct_tries == [401] * 5 + [429]
