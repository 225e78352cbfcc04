"""`otklik …`: every command of the installation."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from os import environ
from pathlib import Path
from typing import TypeAlias

import uvloop

from otklik import commands
from otklik.kernel.errors import OtklikError
from otklik.platform.settings import Settings, load_settings
from otklik.platform.telemetry import set_up_logging

OK, FAILED, REFUSED, UNKNOWN = 0, 1, 2, 3

# The class has no public name; argparse documents only what makes one.
Some: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001
Command = Callable[[Settings, argparse.Namespace], Coroutine[None, None, int]]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 failed, 2 refused with a remedy, 3 stored as unknown."""
    words = _parser().parse_args(argv)
    try:
        settings = load_settings(environ, words.config)
        set_up_logging(settings.log_level, settings.log_format)
        command: Command = words.run
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(command(settings, words))
    except OtklikError as error:
        place = f" ({error.field})" if error.field else ""
        print(f"otklik: {error.sentence(_locale())}{place}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return OK


def _locale() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return environ[name]
    return "en"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="otklik", description="Every place where customers write becomes one queue."
    )
    parser.add_argument("--config", type=Path, help="settings file (default: in the data folder)")
    some = parser.add_subparsers(required=True, metavar="COMMAND")
    _serving(some)
    _store(some)
    _channels(some)
    _log(some)
    return parser


def _add(some: Some, name: str, run: Command, doc: str) -> argparse.ArgumentParser:
    command = some.add_parser(name, help=doc, description=doc)
    command.set_defaults(run=run)
    return command


def _serving(some: Some) -> None:
    _add(some, "serve", commands.serve, "serve the desk, the widget and the webhooks")
    demo = _add(some, "demo", commands.demo, "an invented shop with people writing right now")
    demo.add_argument("--pace", type=float, default=1.0, help="how fast people write")
    _add(some, "doctor", commands.doctor, "look whether everything is in order")
    _add(some, "openapi", commands.openapi, "print the description of the API")
    setup = _add(some, "setup", commands.setup, "open the first account and print a sign-in link")
    setup.add_argument("--title", default="Otklik", help="the name of the account")
    link = _add(some, "link", commands.link, "print a one-time sign-in link for an operator")
    link.add_argument("--email", default="", help="whose; the first owner's when left out")


def _store(some: Some) -> None:
    _add(some, "migrate", commands.migrate, "bring the tables to this version")
    backup = _add(some, "backup", commands.backup, "copy the data folder while running")
    backup.add_argument("target", type=Path, help="a new folder, or a file ending in .tar.gz")
    backup.add_argument("--with-secrets", action="store_true", help="include the master key")
    restore = _add(some, "restore", commands.restore, "fill an empty data folder from a backup")
    restore.add_argument("source", type=Path)
    _add(some, "confirm-restore", commands.confirm, "let messages out again after a restore")
    export = _add(some, "export", commands.export, "write conversations as JSON lines")
    export.add_argument("target", type=Path, help="a file; - for standard output")


def _channels(some: Some) -> None:
    channel = some.add_parser("channel", help="connect and list inboxes")
    each = channel.add_subparsers(required=True, metavar="COMMAND")
    _add(each, "list", commands.list_channels, "list the inboxes with their state")
    add = _add(each, "add", commands.add_channel, "connect an inbox; its token is tried first")
    add.add_argument("channel", help="telegram, widget, …")
    add.add_argument("--title", default="")
    add.add_argument("--token", default="", help="the token the messenger gave; - reads a line")
    add.add_argument("--api-base", default="", help="another address of the messenger's API")
    inbound = some.add_parser("inbound", help="look at what messengers deliver")
    each = inbound.add_subparsers(required=True, metavar="COMMAND")
    show = _add(each, "show", commands.show_inbound, "print the events read from a raw body")
    show.usage = "otklik inbound show CHANNEL FILE …\n       otklik inbound show --guess FILE …"
    show.add_argument("--guess", action="store_true", help="find out the channel of each file")
    show.add_argument("channel", help="telegram, vk, …; left out with --guess")
    show.add_argument("file", nargs="*", help="the raw body; - for standard input")


def _log(some: Some) -> None:
    log = some.add_parser("log", help="the inbound log and its dead letters")
    each = log.add_subparsers(required=True, metavar="COMMAND")
    _add(each, "dead", commands.list_dead, "list the deliveries that could not be processed")
    replay = _add(each, "replay", commands.replay, "process dead letters again")
    replay.add_argument("position", nargs="?", type=int, help="one of them; all when left out")


if __name__ == "__main__":
    sys.exit(main())
