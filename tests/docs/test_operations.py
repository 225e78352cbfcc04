import re

import pytest
from prometheus_client import Counter, Gauge, Histogram, Metric

from otklik.channels import CHANNELS
from otklik.inboxes.http import _EVERY_INBOX
from otklik.platform import metrics
from tests.docs.pages import named, page, rows, section, table
from tools import channel_pages, channel_table

TABLE = table(section(page("operations.md"), "Metrics"))


def ours() -> list[tuple[Metric, tuple[str, ...]]]:
    kinds = (Counter, Gauge, Histogram)
    found = [one for one in vars(metrics).values() if isinstance(one, kinds)]
    return [(next(iter(one.describe())), tuple(one._labelnames)) for one in found]


def shown(metric: Metric) -> str:
    return f"{metric.name}_total" if metric.type == "counter" else metric.name


def test_every_metric_is_described_with_its_labels() -> None:
    assert {shown(metric) for metric, _ in ours()} == set(TABLE)
    for metric, labels in ours():
        assert named(TABLE[shown(metric)][1]) == list(labels), metric.name


@pytest.mark.parametrize("name", ["operations.md", "troubleshooting.md"])
def test_every_metric_told_of_exists(name: str) -> None:
    assert set(re.findall(r"\botklik_[a-z_]+", page(name))) <= set(TABLE)


def test_the_table_of_channels_is_current() -> None:
    text = page("channels.md")
    assert channel_table.page(text) == text, "run: python -m tools.channel_pages"


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_the_page_of_a_channel_is_current(name: str) -> None:
    text = (channel_pages.PAGES / f"{name}.md").read_text("utf-8")
    assert channel_pages.page(CHANNELS[name]) == text, "run: python -m tools.channel_pages"


def test_the_table_has_a_column_for_every_channel() -> None:
    head, *_ = channel_table.table(channel_table.manifests()).splitlines()
    assert head.count("](channels/") == len(CHANNELS)


def test_what_every_inbox_takes_is_described() -> None:
    described = rows(section(page("channels.md"), "Every inbox"))
    assert {name for row in described for name in named(row[0])} == _EVERY_INBOX


def test_every_setting_of_the_site_chat_is_described() -> None:
    shown_there = rows(section(page("embedding.md"), "How it looks and what it says"))
    described = {name for row in shown_there for name in named(row[0])}
    assert described == set(CHANNELS["widget"].manifest.settings)
