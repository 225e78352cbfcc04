"""The bot itself: who it is, its commands."""

from sandbox.telegram import params
from sandbox.telegram.calls import Call, method
from sandbox.telegram.errors import bad
from sandbox.telegram.wire import BotProfile


@method("getMe", params=params.Nothing)
async def get_me(call: Call, _ask: params.Nothing) -> BotProfile:
    me = call.bot.user
    return BotProfile(
        id=me.id,
        is_bot=True,
        first_name=me.first_name,
        username=me.username,
        can_join_groups=True,
        can_read_all_group_messages=False,
        supports_inline_queries=False,
        can_connect_to_business=False,
        has_main_web_app=False,
    )


@method("setMyCommands", params=params.Commands)
async def set_commands(call: Call, ask: params.Commands) -> bool:
    if len(ask.commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    call.bot.commands = ask.commands
    return True


@method("getMyCommands", params=params.Nothing)
async def get_commands(call: Call, _ask: params.Nothing) -> list[dict[str, object]]:
    return call.bot.commands


@method("deleteMyCommands", params=params.Nothing)
async def delete_commands(call: Call, _ask: params.Nothing) -> bool:
    call.bot.commands = []
    return True


@method("logOut", "close", params=params.Nothing)
async def log_out(_call: Call, _ask: params.Nothing) -> bool:
    return True
