"""The DNS of others: a server on loopback that answers with what a test put there, and one domain that signs its mail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import dkim
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset

PUBLIC_KEY = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC0AQb60lckuYnQRAo87xbvfx2+b2+oyqNZHsWDGnm4KdmGMdHkIGslCRUlcKqw/q2yQaJqGf"
    "8/h+PNFfQAeaGuJzBiS6BzPZrH08uMO8OaFLGFbrPQdaeXzU2wrlGtBmVJUf6DjD6sOK2LwvAaZU2AH8L3GyJDrmE5ZT2MGQ8ovQIDAQAB"
)
PRIVATE_KEY = b"""-----BEGIN RSA PRIVATE KEY-----
MIICXwIBAAKBgQC0AQb60lckuYnQRAo87xbvfx2+b2+oyqNZHsWDGnm4KdmGMdHk
IGslCRUlcKqw/q2yQaJqGf8/h+PNFfQAeaGuJzBiS6BzPZrH08uMO8OaFLGFbrPQ
daeXzU2wrlGtBmVJUf6DjD6sOK2LwvAaZU2AH8L3GyJDrmE5ZT2MGQ8ovQIDAQAB
AoGBAJEmTumNGcY8cxvk8diG95iyiVqZ45FZrfTccmqwu7w8yvKCU/1AAwY/V7T0
MEA/bfNTJ9OlGQWy34fuDu8fJba8PJGbq+Xq3gC/ZzzrVSAY6+r40US06Z3X4dsM
qBSTYirJTl6hG+ocKv9TTHKQNb0UsCZwD21+cTPSE7+BMYoFAkEA7lDF8LZQSlOz
ReezVIIbVtP/BMPb+6eEYDEhUrPJgulZ0pifmKPRBeAAx03lQ6UTDykOZkq/syRR
YchBXgBAjwJBAMFchfqOhA2JzkhgT9gqgKemXqxq5wOD3h0aEMlu+0HrY7KHChef
oG7yl/WEO4NOJ0mNkzwcdv6rR43EKDYej/MCQQDpBV/WU13En3zugHTvz9wNlXKI
5T3nHlAogkGUDSmfcK4cZpG+/Yb3WKVKO9dNwk4Vh86FpNc2we81TkrkMBjvAkEA
sroz+Qn8U4s6SjoD83ot20jzn4lcqSodh2bNd3OG+UJ7r8wUbwuUPpksDrtASzlV
JS6glmJ1NybYh9h1lrifMwJBAI+L6UGKKn2yGHYl/WlOpY2AgrHD3T1ObKD/MUBv
MJk4KSCtSLCOgY7lVXBUShmyxgBnOYDPRhs43co8U6riIxA=
-----END RSA PRIVATE KEY-----
"""


@dataclass
class Dns(asyncio.DatagramProtocol):
    """`records`: (name, type) → values. Names that are not there do not exist; with `silent` nobody is answered."""

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    silent: bool = False
    transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        if self.silent or self.transport is None:
            return
        query = dns.message.from_wire(data)
        [question] = query.question
        name, kind = question.name.to_text(omit_final_dot=True), question.rdtype.name
        answer = dns.message.make_response(query)
        if found := self.records.get((name, kind)):
            answer.answer.append(
                dns.rrset.from_text(question.name, 60, "IN", kind, *(f'"{one}"' if kind == "TXT" else one for one in found))
            )
        elif not any(known == name for known, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        self.transport.sendto(answer.to_wire(), address)

    def domain(self, name: str, *, spf: str = "-all", dmarc: str = "v=DMARC1; p=reject") -> None:
        """A domain that sends from nowhere but where `spf` says, signs with our key, and has a policy."""
        self.records |= {
            (name, "TXT"): [f"v=spf1 {spf}"],
            (f"mail._domainkey.{name}", "TXT"): [f"v=DKIM1; k=rsa; p={PUBLIC_KEY}"],
            (f"_dmarc.{name}", "TXT"): [dmarc],
        }


def signed(raw: bytes, domain: str) -> bytes:
    """A mail with the domain's signature on top."""
    signature: bytes = dkim.sign(raw, b"mail", domain.encode(), PRIVATE_KEY, include_headers=[b"from", b"subject"])
    return signature + raw


@asynccontextmanager
async def dns_running() -> AsyncIterator[Dns]:
    """While it runs, everybody in this process asks it."""
    transport, served = await asyncio.get_running_loop().create_datagram_endpoint(Dns, local_addr=("127.0.0.1", 0))
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.lifetime = ["127.0.0.1"], transport.get_extra_info("sockname")[1], 1.0
    before, dns.resolver.default_resolver = dns.resolver.default_resolver, resolver
    try:
        yield served
    finally:
        dns.resolver.default_resolver = before
        transport.close()
