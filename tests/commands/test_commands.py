"""The commands, as a person or a script runs them."""

import asyncio
import io
import os
import signal
import socket
import subprocess
import sys
import tarfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest
from sqlalchemy import text

from otklik.cli import main
from otklik.platform.backup import restored_marker
from sandbox.server import Running
from tests.fixtures.house import Client, bot_of, opened, session_of, until
from tests.fixtures.store import Place
from tests.promises.process import Program
from tests.promises.test_accepted_is_kept import update

Said = tuple[int, str, str]


def _environ(place: Place) -> dict[str, str]:
    return {**os.environ, **Program(place).environ, "OTKLIK_PUBLIC_URL": "", "LANG": "en"}


def otklik(place: Place, *words: str, stdin: str = "", **more: str) -> Said:
    """Run a command; gives its code and what it said."""
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, _environ(place) | more),
        patch("otklik.cli.set_up_logging"),  # the log of the test run stays as it is
        patch("sys.stdin", io.StringIO(stdin)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            code = main(list(words))
        except SystemExit as ended:
            code = int(str(ended.code))
    return code, out.getvalue(), err.getvalue()


def program(place: Place, *words: str) -> Said:
    """Run a command in a process of its own, its log included."""
    done = subprocess.run(
        [sys.executable, "-m", "otklik.cli", *words],
        env=_environ(place), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


async def said(place: Place, *words: str, **more: str) -> Said:
    return await asyncio.to_thread(otklik, place, *words, **more)


def test_the_first_steps(place: Place) -> None:
    assert otklik(place, "link")[0] == 2
    code, link, _ = otklik(place, "setup", "--title", "Лавка")
    assert code == 0
    assert "/welcome#" in link
    code, _, why = otklik(place, "setup")
    assert code == 2
    assert "otklik link" in why
    code, other, _ = otklik(place, "link")
    assert code == 0
    assert other != link
    code, _, why = otklik(place, "link", "--email", "nobody@shop.example")
    assert code == 2
    assert "--email" in why
    assert otklik(place, "channel", "list") == (0, "", "")
    assert otklik(place, "log", "dead")[:2] == (0, "")
    assert otklik(place, "log", "replay", "5")[0] == 2
    code, found, _ = otklik(place, "doctor")
    assert code in {0, 1}  # the desk may not be built where only this runs
    assert "ok    database" in found
    assert "ok    migrations" in found


def test_a_newer_store_is_not_opened(place: Place) -> None:
    async def age() -> None:
        database = place.open()
        await database.write(
            lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
        )
        await database.close()

    asyncio.run(age())
    for words in (["migrate"], ["serve"], ["doctor"]):
        code, _, why = otklik(place, *words)
        assert code == 2, words
        assert "9999_later" in why
    code, told, why = program(place, "migrate")
    assert (code, told, len(why.splitlines())) == (2, "", 1)


def test_a_port_that_is_taken_is_named(sqlite_place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, _, why = otklik(sqlite_place, "serve", OTKLIK_PORT=port)
    assert code == 2
    assert port in why
    assert "OTKLIK_PORT" in why
    code, _, why = otklik(sqlite_place, "serve", OTKLIK_PORT="x")
    assert code == 2
    assert "port" in why


def test_words_that_are_no_command_are_refused(sqlite_place: Place) -> None:
    for words in ([], ["fly"], ["channel"], ["channel", "add"], ["log", "replay", "x"]):
        assert otklik(sqlite_place, *words)[0] == 2, words
    code, told, why = program(sqlite_place, "log", "dead")
    assert (code, told, why) == (0, "", "")


async def test_a_channel_is_tried_before_it_is_kept(place: Place, street: Running) -> None:
    async with session_of() as session:
        phones = await bot_of(session, street)
    base = ["--api-base", phones.api_base]
    await said(place, "setup")
    code, _, why = await said(
        place, "channel", "add", "telegram", "--token", "1:wrong-token", *base
    )
    assert (code, "(secrets.token)" in why) == (2, True)
    nowhere = ["--api-base", "http://127.0.0.1:9"]
    code, _, why = await said(
        place, "channel", "add", "telegram", "--token", phones.token, *nowhere
    )
    assert (code, "(settings.api_base)" in why) == (2, True)
    code, _, why = await said(place, "channel", "add", "pigeon")
    assert (code, "(channel)" in why) == (2, True)
    code, made, _ = await said(
        place, "channel", "add", "telegram", "--token", "-", *base, stdin=phones.token + "\n"
    )
    assert code == 0
    assert "Чайный мост" in made
    code, listed, _ = await said(place, "channel", "list")
    assert (code, "active" in listed) == (0, True)
    assert phones.token not in made + listed


async def test_the_api_names_the_field_of_a_bad_connection(
    sqlite_place: Place, street: Running
) -> None:
    async with opened(sqlite_place, street) as house:
        good = {"api_base": house.phones.api_base}
        for settings, secrets, field in (
            (good, {"token": "1:wrong"}, "secrets.token"),
            (good, {}, "secrets.token"),
            (good, {"tokn": "x"}, "secrets.tokn"),
            ({"api_base": "http://127.0.0.1:9"}, {"token": "1:x"}, "settings.api_base"),
            ({"api_base": "nonsense"}, {"token": "1:x"}, "settings.api_base"),
            ({"api_base": "http://169.254.169.254"}, {"token": "1:x"}, "settings.api_base"),
            ({"apibase": "x"}, {"token": "1:x"}, "settings.apibase"),
        ):
            wish = {"channel": "telegram", "settings": settings, "secrets": secrets}
            refused = await house.api.post("/inboxes", wish, status=422)
            assert refused["field"] == field, refused
        refused = await house.api.post("/inboxes", {"channel": "pigeon"}, status=422)
        assert refused["field"] == "channel"
        assert await house.api.get("/inboxes") == []


async def test_dead_letters_are_listed_and_replayed(place: Place, street: Running) -> None:
    async with opened(place, street) as house:
        inbox = await house.connect()
        await house.deliver(inbox, '{"update_id": 3, "message": "three"}')
        (letter,) = await until(lambda: house.api.get("/log/dead"))
        code, listed, _ = await said(place, "log", "dead")
        assert code == 0
        assert listed.split("\t")[0] == str(letter["position"])
        code, told, _ = await said(place, "log", "replay", str(letter["position"]))
        assert (code, "failed" in told) == (1, True)
        assert (await said(place, "log", "replay"))[0] == 1


async def test_a_copy_made_while_running_is_whole_and_silent_until_confirmed(
    sqlite_place: Place, street: Running, tmp_path: Path
) -> None:
    target = tmp_path / "copy.tar.gz"
    async with opened(sqlite_place, street) as house:
        await house.connect()
        row = await house.met(await house.phones.person(), "До копии")
        await house.phones.order("POST", "/bulk", {"people": 3, "messages": 30, "rate": 60})
        code, manifest, _ = await said(sqlite_place, "backup", str(target), "--with-secrets")
        assert code == 0
        assert msgspec.json.decode(manifest)["rows"]["messages"] >= 1
        token = house.api.headers["authorization"]
    assert tarfile.is_tarfile(target)
    assert (await said(sqlite_place, "restore", str(target)))[0] == 2  # the folder is not empty
    folder = tmp_path / "second"
    folder.mkdir()
    second = Place(folder, "")
    code, _, told = await said(second, "restore", str(target))
    assert (code, "confirm-restore" in told) == (0, True)
    assert restored_marker(folder) is not None
    program = Program(second)
    async with session_of() as session:
        api = Client(session, program.url, {"authorization": token})
        try:
            await program.start(session)
            assert "До копии" in [m["text"] for m in await api.timeline(row["id"])]
            held = await api.say(row["id"], "Пока никуда")
            await asyncio.sleep(0.3)
            (kept,) = [m for m in await api.timeline(row["id"]) if m["id"] == held["id"]]
            assert kept["state"] == "queued"
        finally:
            await program.end(signal.SIGTERM)
    assert (await said(second, "confirm-restore"))[0] == 0
    assert restored_marker(folder) is None


async def test_everything_is_exported_in_order(place: Place, street: Running) -> None:
    async with opened(place, street) as house:
        inbox = await house.connect()
        for number in range(1, 6):
            await house.deliver(inbox, update(number, 900, f"Слово {number}"))
        await until(house.api.queue, lambda rows: sum(r["unread"] for r in rows) == 5)
        code, lines, _ = await said(place, "export", "-")
    assert code == 0
    found = [msgspec.json.decode(line)["text"] for line in lines.splitlines()]
    assert found == [f"Слово {number}" for number in range(1, 6)]


async def test_a_signal_ends_the_program_politely(sqlite_place: Place) -> None:
    program = Program(sqlite_place)
    async with session_of() as session:
        await program.start(session)
        await program.end(signal.SIGTERM)
    assert program.running is not None
    assert program.running.returncode in {0, -signal.SIGTERM}
    assert "Traceback" not in program.log.read_text()


@pytest.mark.parametrize("words", [["--help"], ["serve", "--help"], ["log", "replay", "--help"]])
def test_every_command_tells_what_it_does(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 0
    assert "usage: otklik" in capsys.readouterr().out
