"""Connections to mail servers: the same guard as the HTTP client's, with the ports of mail."""

import socket
import ssl

from otklik.platform.addresses import AddressPolicy
from otklik.platform.http_outcomes import Failure, Forbidden, ForbiddenAddressError, NotConnected
from otklik.ports.channel import MailServer

MAIL_PORTS = frozenset({25, 143, 465, 587, 993, 2525})
CONNECT_S = 10.0
_ADDRESSES = 4


def connected(policy: AddressPolicy, server: MailServer, timeout_s: float) -> socket.socket:
    """Open a connection to a server; blocks. The address really connected to is judged.

    Raises `ForbiddenAddressError`, and `OSError` when nothing answers.
    """
    policy = policy._replace(ports=MAIL_PORTS)
    vouched = policy.vouched.has_host(server.host.rstrip("."), server.port)
    error: OSError = OSError("the name does not resolve")
    found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    for family, kind, protocol, _, address in found[:_ADDRESSES]:
        reason = "" if vouched else policy.why_not(str(address[0]), server.port)
        if reason:
            error = ForbiddenAddressError(reason)
            continue
        one = socket.socket(family, kind, protocol)
        one.settimeout(timeout_s)
        try:
            one.connect(address)
        except OSError as refused:
            one.close()
            error = refused
        else:
            return one
    raise error


def secured(plain: socket.socket, server: MailServer) -> socket.socket:
    """Put TLS over a connection where the server expects it from the first byte; blocks."""
    if server.security != "tls":
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=server.host)


def failure_of(error: OSError) -> Failure:
    """Say why a server could not be reached: nothing was sent."""
    match error:
        case ForbiddenAddressError():
            return Forbidden(error.reason)
        case socket.gaierror():
            return NotConnected("the name does not resolve")
        case ssl.SSLError():
            return NotConnected("no trusted TLS connection")
        case TimeoutError():
            return NotConnected("no connection in time")
        case _:
            return NotConnected(error.strerror or type(error).__name__)
