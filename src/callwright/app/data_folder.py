"""What lies where in an installation's data folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The folder that a backup takes along."""

    path: Path

    @property
    def database(self) -> Path:
        """Accounts, services, the queue and the records."""
        return self.path / "callwright.sqlite"

    @property
    def secret(self) -> Path:
        """The installation's secret; without it no key and no password works."""
        return self.path / "secret.key"

    @property
    def node(self) -> Path:
        """The name of this node, where several share a database; never copied to another one."""
        return self.path / "node"

    @property
    def media(self) -> Path:
        """Media files: a folder for each account, recordings below it."""
        return self.path / "media"

    @property
    def message_media(self) -> Path:
        """Pictures and the like for messages: a folder for each account."""
        return self.path / "msg-media"

    @property
    def rest_logs(self) -> Path:
        """REST logs: a folder for each account."""
        return self.path / "rest-logs"

    @property
    def speech_cache(self) -> Path:
        """Synthesised speech; may be deleted while no server runs."""
        return self.path / "cache" / "speech"

    @property
    def download_cache(self) -> Path:
        """Files that pages name by URL: a folder for each account; may be deleted as well."""
        return self.path / "cache" / "downloads"

    @property
    def carrier_voices(self) -> Path:
        """What the simulated carrier's far ends say; may be deleted as well."""
        return self.path / "cache" / "carrier"

    @property
    def carrier_log(self) -> Path:
        """What the simulated carrier saw, a line of JSON for each event."""
        return self.path / "carrier.log"
