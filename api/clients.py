"""Who is really calling: the client's address, found through the proxies the operator trusts and through nothing else.

`X-Forwarded-For` is written by anybody who likes. It is believed only from the right, hop by hop, and only as long as the hop
that added an entry is listed in TRUSTED_PROXIES; the first address that is not a trusted proxy is the client.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp import web

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

TRUSTED_PROXIES: web.AppKey[tuple[Network, ...]] = web.AppKey("trusted_proxies")
_UNIX_SOCKET_PEER = "127.0.0.1"


def client_address(request: web.Request) -> str:
    """The client's address as text, IPv4-mapped IPv6 written as IPv4. A peer on a Unix socket counts as 127.0.0.1."""
    trusted = request.app[TRUSTED_PROXIES]
    nearest = _address(request.remote or _UNIX_SOCKET_PEER)
    if nearest is None:
        return request.remote or _UNIX_SOCKET_PEER
    for entry in reversed(_forwarded(request)):
        if not _is_trusted(nearest, trusted):
            break
        further = _address(entry)
        if further is None:
            break
        nearest = further
    return str(nearest)


def _forwarded(request: web.Request) -> list[str]:
    return ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")


def _address(text: str) -> Address | None:
    """Read "192.0.2.1", "192.0.2.1:4711", "2001:db8::1" and "[2001:db8::1]:4711"; None when it is nothing of these."""
    text = text.strip().partition("%")[0]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)
