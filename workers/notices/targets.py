"""Where a webhook may go: the internet, never this machine or its neighbours, unless a network is named for it.

A name is resolved once and the connection goes to exactly the address that was looked at, so a name that answers
differently the next time (DNS rebinding) gains nothing.
"""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from workers.notices.mailing import Network

# IPv6 addresses that carry an IPv4 address in them lead wherever that one leads (RFC 6052, RFC 3056, RFC 4380).
_CARRIERS = tuple(ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96"))
# What the registries of special addresses (RFC 6890) keep from the internet, and Python's tables let pass.
_SPECIAL = tuple(ip_network(each) for each in ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20"))
_INTERNET = ip_network("2000::/3")  # of IPv6: all that was ever given out (RFC 4291, 2.4); site-local lies beside it


class Forbidden(Exception):
    """The target is not on the internet, and its network is not named; nothing was sent."""


class Unresolved(Exception):
    """The name has no address at the moment."""


def target(url: str, inside: Sequence[Network]) -> str:
    """The one address to connect to; raises Forbidden or Unresolved.

    One forbidden address among several forbids the name: a name of the internet does not point inside.
    """
    where = urlsplit(url)
    try:
        port = where.port or (443 if where.scheme == "https" else 80)
        found = socket.getaddrinfo(where.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unresolved from error
    addresses = [str(entry[4][0]) for entry in found]
    for each in addresses:
        if not permitted(each, inside):
            raise Forbidden
    # In the clear only where it was allowed by name.
    if where.scheme != "https" and not any(ip_address(addresses[0]) in network for network in inside):
        raise Forbidden
    return addresses[0]


def permitted(text: str, inside: Sequence[Network]) -> bool:
    """Whether a webhook may go to this IP address."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in inside) or _public(address)


def _public(address: IPv4Address | IPv6Address) -> bool:
    special = any(address in network for network in (*_CARRIERS, *_SPECIAL))
    given = address.version == 4 or address in _INTERNET  # noqa: PLR2004 - the version of the protocol
    return address.is_global and given and not (address.is_multicast or address.is_reserved or special)
