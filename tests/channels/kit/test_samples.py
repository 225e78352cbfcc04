from pathlib import Path

import pytest

from otklik.channels import CHANNELS
from otklik.ports.channel import Envelope, Unknown

SAMPLES = Path(__file__).parents[4] / "shared" / "channels" / "samples"


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_gathered_traffic_is_read_or_named(name: str) -> None:
    for path in sorted((SAMPLES / name).glob("*.json")):  # none where they were not gathered
        body = path.read_bytes()
        assert isinstance(CHANNELS[name].envelope(body), Envelope), path.name
        events = CHANNELS[name].parse(body)
        assert events, path.name
        assert all(event.name for event in events if isinstance(event, Unknown)), path.name
