"""What every part of a node stands on; made once, before anything is put together."""

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from callwright.adapters.clock import SystemClock
from callwright.adapters.entropy import SystemEntropy
from callwright.adapters.net.udp import UdpSocket
from callwright.adapters.stores import Stores
from callwright.adapters.tariff_file import read_tariff
from callwright.app.data_folder import DataFolder
from callwright.app.settings import Settings
from callwright.domain.clock import Clock
from callwright.domain.ids import IdMint
from callwright.records.live_facts import LiveFacts
from callwright.records.tariff import Tariff
from callwright.runner.registry import RunningInstances
from callwright.services.catalogue import Catalogue

CALL_NUMBERS: Final = 1_000_000_000
"""The random last part of a call id has nine digits at most, as the published samples do."""


@dataclass(frozen=True, slots=True)
class Sockets:
    """Where we listen; bound before anything is put together."""

    sip: UdpSocket
    sip_address: tuple[str, int]
    rtp_host: str
    advertised_host: str
    http: socket.socket

    @property
    def http_url(self) -> str:
        """Where the web services are reached on this machine."""
        host, port = self.http.getsockname()
        return f"http://{host}:{port}"


@dataclass(frozen=True, slots=True)
class Foundation:
    """Settings, stores, clock and chance, and who remembers what runs."""

    settings: Settings
    stores: Stores
    sockets: Sockets
    clock: Clock
    entropy: SystemEntropy
    mint: IdMint
    facts: LiveFacts
    catalogue: Catalogue
    tariff: Tariff
    running: RunningInstances

    @property
    def folder(self) -> DataFolder:
        """Where files are."""
        return DataFolder(self.settings.data)

    def random_number(self) -> int:
        """Return the random part of a call id."""
        return self.entropy.below(CALL_NUMBERS)


def lay_foundation(settings: Settings, stores: Stores, sockets: Sockets) -> Foundation:
    """Begin a start of the node: names are minted from here on."""
    clock, boot = SystemClock(), stores.boot
    return Foundation(
        settings=settings,
        stores=stores,
        sockets=sockets,
        clock=clock,
        entropy=SystemEntropy(),
        mint=IdMint(boot.node_hex, boot.boot_hex, boot.boot_epoch),
        facts=LiveFacts(),
        catalogue=Catalogue(stores.services, stores.secret, stores.numbers),
        tariff=read_tariff(Path(settings.tariff)) if settings.tariff else Tariff(),
        running=RunningInstances(clock),
    )
