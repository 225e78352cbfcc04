"""What each command does."""

from otklik.commands.accounts import link, setup
from otklik.commands.channels import add_channel, list_channels
from otklik.commands.demo import demo
from otklik.commands.inbound import show_inbound
from otklik.commands.log import list_dead, replay
from otklik.commands.serve import doctor, openapi, serve
from otklik.commands.store import backup, confirm, export, migrate, restore

__all__ = [
    "add_channel",
    "backup",
    "confirm",
    "demo",
    "doctor",
    "export",
    "link",
    "list_channels",
    "list_dead",
    "migrate",
    "openapi",
    "replay",
    "restore",
    "serve",
    "setup",
    "show_inbound",
]
