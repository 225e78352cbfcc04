"""Search over the API, on both stores."""

from tests.fixtures.house import House, until

TEXT = "Есть ли заварной чайник под ЁЛКУ? Porcelain teapot, 1,5 л, арт. A_17"

ASKED = {
    "завар": True, "ЗАВАРНОЙ": True, "заварной чайник": True, "чайник завар": True, "елк": True,
    "Ёлку": True, "porcel": True, "PORCELAIN teap": True, "a_17": True, "самовар": False,
    "аварной": False, "!!!": False, "_": False, '" OR "': False, "teapot NOT porcelain": False,
}  # fmt: skip


async def test_messages_are_found_by_the_beginnings_of_their_words(shop: House) -> None:
    await shop.connect()
    row = await shop.met(await shop.phones.person("Вера"), TEXT)

    async def found(asked: str) -> bool:
        return bool((await shop.api.get(f"/search?q={asked}"))["messages"])

    await until(lambda: found("завар"))
    wrong = {asked for asked, wanted in ASKED.items() if await found(asked) is not wanted}
    assert wrong == set()
    result = await shop.api.get("/search?q=teapot")
    assert result["messages"][0]["conversation_id"] == row["id"]
    assert "Porcelain teapot" in result["messages"][0]["snippet"]


async def test_contacts_are_found_whatever_the_case(shop: House) -> None:
    await shop.connect()
    row = await shop.met(await shop.phones.person("Ёлкина Анна"))
    await shop.api.patch(
        f"/contacts/{row['contact_id']}", {"phone": "+79990001122", "email": "Anna@Shop.example"}
    )
    wanted = {"анна": 1, "АННА": 1, "ёлк": 1, "999000": 1, "anna@shop": 1, "борис": 0, "a_na": 0}
    wrong = {}
    for asked, count in wanted.items():
        result = await shop.api.get(f"/search?q={asked}")
        if len(result["contacts"]) != count:
            wrong[asked] = len(result["contacts"])
    assert wrong == {}


async def test_what_was_taken_back_is_not_found(shop: House) -> None:
    await shop.connect()
    row = await shop.met(await shop.phones.person())
    note = {"client_id": "note-0001", "text": "секретный самовар"}
    made = await shop.api.post(f"/conversations/{row['id']}/notes", note)

    async def found(asked: str) -> int:
        return len((await shop.api.get(f"/search?q={asked}"))["messages"])

    await until(lambda: found("самовар"))
    await shop.api.patch(f"/messages/{made['id']}", {"text": "секретный кофейник"})
    await until(lambda: found("кофейник"))
    assert await found("самовар") == 0
    await shop.api.delete(f"/messages/{made['id']}", status=200)
    await until(lambda: found("кофейник"), lambda count: count == 0)
