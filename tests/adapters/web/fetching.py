"""Asking pages of a server on loopback: what the tests of this folder share."""

import asyncio
import json
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Final, TypeVar

from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from callwright.adapters.web.address_guard import AddressGuard
from callwright.adapters.web.exchange import FetchTimes
from callwright.adapters.web.page_fetcher import PageFetchers
from callwright.domain.outbound_service import PageAddress, PageCredentials
from callwright.runner.ports import PageFetcher, PageResponse

T = TypeVar("T")

BODY: Final = json.dumps({"token": "a+b&c=d %20 #ä\U0001f600"}, ensure_ascii=False).encode()
IVR: Final = PageCredentials("ivr", "ö:pen")
LOOPBACK: Final = AddressGuard([ip_network("127.0.0.0/8")])


async def no_pause(seconds: float) -> None:
    """The pause before a second attempt."""
    assert seconds == 1.0


@dataclass(slots=True)
class Names(AbstractResolver):
    """Knows one name a script: each look-up takes the next answer, and the last one stays."""

    answers: list[Sequence[str]]
    asked: list[str] = field(default_factory=list)

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - its signature is aiohttp's
    ) -> list[ResolveResult]:
        self.asked.append(host)
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if not addresses:
            raise OSError(None, "no such name")
        families = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=families[ip_address(address).version],
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """There is nothing to close."""


def with_fetchers(
    story: Callable[[PageFetchers], Awaitable[T]],
    *,
    guard: AddressGuard = LOOPBACK,
    times: FetchTimes | None = None,
    tls: ssl.SSLContext | None = None,
    names: AbstractResolver | None = None,
) -> T:
    """Run a story with fetchers whose pause before the second attempt is none."""

    async def whole() -> T:
        fetchers = PageFetchers(guard, times=times, pause=no_pause, tls=tls, names=names)
        try:
            return await story(fetchers)
        finally:
            await fetchers.close()

    return asyncio.run(whole())


def fetch_all(
    pages: Sequence[PageAddress],
    credentials: PageCredentials | None = None,
    *,
    guard: AddressGuard = LOOPBACK,
    times: FetchTimes | None = None,
    tls: ssl.SSLContext | None = None,
    names: AbstractResolver | None = None,
    asks_again: bool = True,
) -> list[PageResponse]:
    """Ask pages one after the other, as one instance."""

    async def story(fetchers: PageFetchers) -> list[PageResponse]:
        fetcher: PageFetcher = fetchers.new()
        try:
            return [
                await fetcher.fetch(page, body=BODY, credentials=credentials, asks_again=asks_again)
                for page in pages
            ]
        finally:
            await fetcher.close()

    return with_fetchers(story, guard=guard, times=times, tls=tls, names=names)


def fetch(
    page: PageAddress, credentials: PageCredentials | None = None, times: FetchTimes | None = None
) -> PageResponse:
    """Ask one page."""
    return fetch_all([page], credentials, times=times)[0]


@dataclass(frozen=True, slots=True)
class Certified:
    """A server's certificate, and the client that knows it."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def self_signed(folder: Path, *, years: tuple[int, int] = (2020, 2100)) -> Certified:
    """Make a certificate for 127.0.0.1 that signs itself, good for these years."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(years[0], 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(years[1], 1, 1, tzinfo=UTC))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    public = certificate.public_bytes(Encoding.PEM)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(secret + public)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return Certified(server, ssl.create_default_context(cadata=public.decode()))
