"""Which network addresses outgoing requests may reach. Pure."""

from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import NamedTuple

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

WEB_PORTS = frozenset({80, 443, 88, 8443})
"""The ports of the web, and the two more that Telegram's API servers and webhooks use."""

_FORBIDDEN: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared by a carrier"),
    ("127.0.0.0/8", "loopback"),
    ("168.63.129.16/32", "cloud metadata"),  # Azure's, the one outside the reserved ranges
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "reserved"),
    ("192.0.2.0/24", "documentation"),
    ("192.88.99.0/24", "6to4 relay"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("::/96", "unspecified, loopback or IPv4-compatible"),
    ("::ffff:0:0/96", "IPv4-mapped"),
    ("::ffff:0:0:0/96", "IPv4-translated"),
    ("64:ff9b::/96", "NAT64"),
    ("64:ff9b:1::/48", "NAT64"),
    ("100::/64", "discard"),
    ("2001::/23", "reserved, Teredo among it"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4"),
    ("3fff::/20", "documentation"),
    ("5f00::/16", "segment routing"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
)
_NETWORKS = tuple((ip_network(text), reason) for text, reason in _FORBIDDEN)
_GLOBAL_V6 = IPv6Network("2000::/3")


class Vouched(NamedTuple):
    """What the owner allows although it is private; a port of 0 means every port."""

    hosts: frozenset[tuple[str, int]] = frozenset()
    networks: tuple[tuple[Network, int], ...] = ()

    def has_host(self, host: str, port: int) -> bool:
        """Tell whether a name (lower case, no final dot) may lead anywhere."""
        return (host, port) in self.hosts or (host, 0) in self.hosts

    def has_address(self, address: Address, port: int) -> bool:
        """Tell whether an address was allowed by itself."""
        return any(wanted in {0, port} and address in net for net, wanted in self.networks)


class AddressPolicy(NamedTuple):
    """The verdict on one address and port, given at the moment of connecting."""

    vouched: Vouched = Vouched()
    ports: frozenset[int] = WEB_PORTS

    def why_not(self, address_text: str, port: int) -> str:
        """Give the reason against connecting, or an empty text when it is allowed."""
        try:
            address = ip_address(address_text.partition("%")[0])
        except ValueError:
            return "not an address"
        if self.vouched.has_address(address, port):
            return ""
        if reason := why_forbidden(address):
            return reason
        return "" if port in self.ports else f"port {port}"


def why_forbidden(address: Address) -> str:
    """Give the reason an address is not of the public internet, or an empty text."""
    for network, reason in _NETWORKS:
        if address in network:
            return reason
    if isinstance(address, IPv6Address) and address not in _GLOBAL_V6:
        return "not of the global range"
    return ""


def parse_vouched(text: str) -> Vouched:
    """Read `host`, `host:port`, `address`, `[v6]:port` and `network` separated by commas.

    Raises ValueError naming the part that cannot be read.
    """
    hosts: set[tuple[str, int]] = set()
    networks: list[tuple[Network, int]] = []
    for part in filter(None, (piece.strip().lower() for piece in text.split(","))):
        host, port = _split_port(part)
        network = _network(host)
        if network is not None:
            networks.append((network, port))
        elif _is_name(host):
            hosts.add((host.rstrip("."), port))
        else:
            raise ValueError(f"{part!r} is neither a host, an address nor a network")
    return Vouched(frozenset(hosts), tuple(networks))


def _split_port(part: str) -> tuple[str, int]:
    if part.startswith("["):
        host, closed, rest = part[1:].partition("]")
        if not closed or (rest and not rest.startswith(":")):
            raise ValueError(f"{part!r} is neither a host, an address nor a network")
        return host, _port(rest[1:], part) if rest else 0
    if part.count(":") == 1:
        host, _, port = part.partition(":")
        return host, _port(port, part)
    return part, 0


def _port(text: str, part: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65_536):
        raise ValueError(f"{part!r} has no valid port")
    return int(text)


def _network(host: str) -> Network | None:
    try:
        return ip_network(host, strict=False)
    except ValueError:
        return None


def _is_name(host: str) -> bool:
    labels: Sequence[str] = host.rstrip(".").split(".")
    # A last label of digits would be an address in disguise, not a name.
    return not labels[-1].isdigit() and all(
        label and label.replace("-", "").replace("_", "").isalnum() for label in labels
    )
