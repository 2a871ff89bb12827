"""Certificates for loopback servers, made by an authority that only the tests know."""

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import trustme


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its key, as PEM."""

    chain: bytes
    key: bytes = field(repr=False)

    def write(self, folder: Path, name: str = "server") -> tuple[Path, Path]:
        """Write certificate and key as files, and return their paths."""
        chain, key = folder / f"{name}.pem", folder / f"{name}.key"
        chain.write_bytes(self.chain)
        key.write_bytes(self.key)
        return chain, key

    def server_context(self) -> ssl.SSLContext:
        """Make the context of a server that shows it."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        with TemporaryDirectory() as folder:
            context.load_cert_chain(*self.write(Path(folder)))
        return context


@dataclass(slots=True)
class Authority:
    """An authority; two of them do not know each other."""

    _ca: trustme.CA = field(default_factory=trustme.CA)

    def certificate(self, *names: str, is_expired: bool = False) -> Certificate:
        """Make a certificate for these names and addresses; localhost and 127.0.0.1 if none."""
        made = self._ca.issue_cert(
            *(names or ("localhost", "127.0.0.1")),
            not_after=datetime(2020, 1, 1, tzinfo=UTC) if is_expired else None,
            not_before=datetime(2019, 1, 1, tzinfo=UTC) if is_expired else None,
        )
        chain = b"".join(blob.bytes() for blob in made.cert_chain_pems)
        return Certificate(chain, made.private_key_pem.bytes())

    def write_trust_file(self, path: Path) -> Path:
        """Write the file that a client is told to trust, and return its path."""
        self._ca.cert_pem.write_to_path(str(path))
        return path

    def trusting(self) -> ssl.SSLContext:
        """Make the context of a client that trusts this authority alone."""
        context = ssl.create_default_context()
        context.load_verify_locations(cadata=self._ca.cert_pem.bytes().decode())
        return context
