"""The image and the compose file name things that exist, and run the server with little power."""

import re
import shlex
import tomllib
from pathlib import Path
from typing import cast

import pytest
import yaml

from otklik.platform.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SETTINGS = {f"OTKLIK_{name.upper()}" for name in Settings.__struct_fields__}


def instructions(word: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return [
        line.removeprefix(word).strip()
        for line in joined.splitlines()
        if line.startswith(f"{word} ")
    ]


def compose() -> dict[str, dict[str, dict[str, object]]]:
    read = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return cast("dict[str, dict[str, dict[str, object]]]", read)


def copied() -> list[tuple[bool, str]]:
    """Sources of COPY, each with whether it comes from an earlier stage."""
    found: list[tuple[bool, str]] = []
    for line in instructions("COPY"):
        words = shlex.split(line)
        staged = words[0].startswith("--from=")
        found += [(staged, source) for source in words[staged:-1]]
    return found


def test_everything_that_is_copied_exists_and_is_sent_to_the_builder() -> None:
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    local = [source for staged, source in copied() if not staged]
    assert local
    for source in local:
        assert (ROOT / source).exists(), source
        assert f"!{source.rstrip('/')}" in allowed, source


@pytest.mark.parametrize("app", ["desk", "widget", "phones"])
def test_every_app_is_built_into_the_image(app: str) -> None:
    dist = f"/app/web/apps/{app}/dist"
    assert (True, dist) in copied()
    assert (ROOT / "web" / "apps" / app / "package.json").exists()


def test_the_image_has_no_app_left_out() -> None:
    apps = {path.parent.name for path in (ROOT / "web" / "apps").glob("*/package.json")}
    assert apps == {"desk", "widget", "phones"}


def test_the_server_runs_as_nobody_special_with_its_data_apart() -> None:
    assert instructions("USER") == ["otklik"]
    assert instructions("VOLUME") == ["/data"]
    assert DOCKERFILE.index("USER otklik") > DOCKERFILE.index("useradd")


def test_the_entry_point_is_the_programs_own_name() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert instructions("ENTRYPOINT") == ['["otklik"]']
    assert "otklik" in scripts


def test_every_setting_that_is_named_is_known() -> None:
    named = set(re.findall(r"\bOTKLIK_[A-Z_]+(?==)", " ".join(instructions("ENV"))))
    assert named
    for service in ("app", "migrate"):
        named |= set(cast("dict[str, str]", compose()["services"][service]["environment"]))
    assert named <= SETTINGS


def test_the_server_waits_for_a_migrated_database() -> None:
    services = compose()["services"]
    assert services["app"]["depends_on"] == {
        "database": {"condition": "service_healthy"},
        "migrate": {"condition": "service_completed_successfully"},
    }
    assert "pg_isready" in str(services["database"]["healthcheck"])


def test_secrets_come_from_the_environment_and_have_no_default() -> None:
    text = (ROOT / "compose.yaml").read_text()
    assert text.count("${OTKLIK_DB_PASSWORD:?") == 2
    assert "OTKLIK_DB_PASSWORD:-" not in text


def test_named_volumes_are_declared() -> None:
    services = compose()["services"]
    used = {
        str(volume).split(":")[0]
        for service in services.values()
        for volume in cast("list[str]", service["volumes"])
    }
    assert used == set(compose()["volumes"])
