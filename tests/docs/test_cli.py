import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from otklik import cli
from tests.docs.pages import code, guide, named, page, rows


def leaves(
    parser: argparse.ArgumentParser, words: tuple[str, ...] = ()
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    nested = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    if not nested:
        yield " ".join(words), parser
    for action in nested:
        for name, child in action.choices.items():
            yield from leaves(child, (*words, name))


COMMANDS = dict(leaves(cli._parser()))
TEXT = page("cli.md")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_with_its_options_is_described(command: str) -> None:
    shown = [span for row in rows(TEXT) for span in named(row[0])]
    mine = [span for span in shown if re.fullmatch(rf"otklik {command}( .*)?", span)]
    assert mine
    for action in COMMANDS[command]._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        if action.option_strings:
            assert any(f"`{option}" in TEXT for option in action.option_strings), action.dest
        else:
            assert any(action.dest.upper() in span for span in mine), action.dest


def test_the_options_of_every_command_are_described() -> None:
    for action in cli._parser()._actions:
        for option in action.option_strings:
            assert f"`{option}" in TEXT


def test_every_option_described_exists() -> None:
    actions = [one for parser in (cli._parser(), *COMMANDS.values()) for one in parser._actions]
    known = {option for action in actions for option in action.option_strings}
    assert set(re.findall(r"`(--[a-z-]+)", TEXT)) <= known


def test_every_exit_code_is_described() -> None:
    described = {row[0] for row in rows(TEXT)}
    for exit_code in (cli.OK, cli.FAILED, cli.REFUSED, cli.UNKNOWN):
        assert f"`{exit_code}`" in described


@pytest.mark.parametrize("path", guide(), ids=lambda path: path.name)
def test_every_command_told_of_exists(path: Path) -> None:
    known = {name.split()[0] for name in COMMANDS}
    for text in code(path.read_text(encoding="utf-8")):
        told = set(re.findall(r"(?:^|[\s/])otklik ([a-z][a-z-]*)", text, re.MULTILINE))
        assert told <= known
