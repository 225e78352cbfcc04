import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from otklik.inboxes.types import Inbox, InboxState
from otklik.ingress.visitor_identity import Identities
from otklik.kernel.clock import SystemClock
from otklik.kernel.ids import AccountId, InboxId
from otklik.ports.channel import InboxConfig
from otklik.webhooks.rules import SCHEDULE_S, headers_of, new_secret
from otklik.webhooks.types import Secrets
from tests.docs.pages import blocks, guide, page, rows, section
from tools.bootstrap import node

SECRET = "an invented secret of more than 32 bytes"
BODY = '{"type":"message.created","data":{"text":"Привет"}}'


def run(sample: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(sample, "sample", "exec"), names)  # noqa: S102 - a sample of our own docs
    return names


VERIFICATIONS = blocks(page("webhooks.md"), "python")


@pytest.mark.parametrize("sample", VERIFICATIONS, ids=("library", "by hand"))
def test_a_reader_who_copies_the_verification_is_safe(sample: str) -> None:
    accepted: Callable[[str, bytes, dict[str, str]], object] = run(sample)["accepted"]
    now = int(time.time() * 1000)
    keys = Secrets(new_secret(), new_secret(), now + 60_000)
    headers = dict(headers_of("account-7", BODY, keys, now))
    assert accepted(keys.current, BODY.encode(), headers) == json.loads(BODY)
    assert accepted(keys.previous, BODY.encode(), headers) == json.loads(BODY)
    assert accepted(keys.current, BODY.encode() + b" ", headers) is None
    assert accepted(new_secret(), BODY.encode(), headers) is None
    old = dict(headers_of("account-7", BODY, keys, now - 600_000))
    assert accepted(keys.current, BODY.encode(), old) is None


def test_the_schedule_of_repetitions_is_the_real_one() -> None:
    units = {"seconds": 1, "minutes": 60, "hours": 3_600}
    told = []
    for _, wait in rows(section(page("webhooks.md"), "When you do not answer"))[1:]:
        if wait != "---":
            number, unit = wait.split()
            told.append(int(number) * units[unit])
    assert tuple(told) == SCHEDULE_S


def proven(proof: str) -> tuple[str, str, str]:
    inbox = Inbox(
        id=InboxId("inbox"),
        account_id=AccountId("account"),
        channel="widget",
        title="Сайт",
        public_key="key",
        config=InboxConfig("inbox", {}, {"identity_secret": SECRET}),
        state=InboxState.ACTIVE,
    )
    _, visitor = Identities((b"0" * 32,), SystemClock()).prove(inbox, proof)
    return visitor.external_id, visitor.name, visitor.email


def test_the_identity_signed_in_python_is_believed() -> None:
    (sample,) = blocks(page("embedding.md"), "python")
    proof: str = run(sample)["proof"](SECRET, "42", "Вера", "vera@shop.example")
    assert proven(proof) == ("u:42", "Вера", "vera@shop.example")


def test_the_identity_signed_in_node_is_believed() -> None:
    (sample,) = blocks(page("embedding.md"), "js")
    folder = node.folder()
    assert folder is not None, "run: make node"
    call = f'console.log(proof({json.dumps(SECRET)}, "42", "Вера", "vera@shop.example"))'
    told = subprocess.run(
        [folder / "node", "-e", sample + call], capture_output=True, text=True, check=True
    )
    assert proven(told.stdout.strip()) == ("u:42", "Вера", "vera@shop.example")


@pytest.mark.parametrize("path", guide(), ids=lambda path: path.name)
def test_every_sample_can_be_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for sample in blocks(text, "python"):
        compile(sample, path.name, "exec")
    for sample in blocks(text, "json"):
        json.loads(sample)
