"""Run the sandbox: `python -m sandbox --port 8081`."""

import argparse
import asyncio
import errno
import signal
import sys

import uvloop

from sandbox.server import Settings, run


def _settings() -> Settings:
    parser = argparse.ArgumentParser(
        prog="sandbox", description="The other side of the messengers."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081, help="0 takes a free port")
    parser.add_argument("--open", action="store_true", help="any well-formed token is a bot")
    parser.add_argument(
        "--retry-scale", type=float, default=1.0, help="multiplies the waits between retries"
    )
    parser.add_argument("--webhook-timeout", type=float, default=60.0, help="seconds")
    parser.add_argument("--seed", type=int, default=0, help="of the faults")
    given = parser.parse_args()
    return Settings(
        host=given.host,
        port=given.port,
        open_to_all=given.open,
        retry_scale=given.retry_scale,
        webhook_timeout_s=given.webhook_timeout,
        seed=given.seed,
    )


async def _run(settings: Settings) -> None:
    asked_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked_to_stop.set)
    async with run(settings) as running:
        print(f"sandbox {running.url}", flush=True)
        await asked_to_stop.wait()


def main() -> int:
    """Run until interrupted; 1 when the port is taken."""
    settings = _settings()
    try:
        uvloop.run(_run(settings))
    except OSError as problem:
        if problem.errno != errno.EADDRINUSE:
            raise
        print(f"Port {settings.port} is in use; choose another with --port.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
