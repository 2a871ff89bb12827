"""All settings: one frozen value, read once, handed down to whoever needs a part of it.

Each comes from a flag, else the environment (`CALLWRIGHT_HTTP=...`), else `callwright.toml`
(`http = "..."`), else its default. A key that is none of these is an error at start.
"""

import math
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Final

from callwright.domain.errors import CallwrightError
from callwright.engine.call_sockets import SUB_PROTOCOLS, SocketManners
from callwright.scheduler.gates import AsrRule
from callwright.scheduler.webhooks.message import BodyFormat

PREFIX: Final = "CALLWRIGHT_"
FILE_NAME: Final = "callwright.toml"


class BadSettings(CallwrightError):
    """A setting is unknown or has a value that cannot be; the text names and quotes it."""


def _setting(default: Any, help_text: str, *, is_secret: bool = False) -> Any:
    return field(default=default, metadata={"help": help_text}, repr=not is_secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation can be told. Times in seconds."""

    data: Path = _setting(Path("callwright-data"), "folder of the database, media and logs")
    database: str = _setting(
        "",
        "postgresql://USER:PASSWORD@HOST/NAME; empty: SQLite in the data folder",
        is_secret=True,
    )
    secret_file: str = _setting("", "the installation's secret; empty: in the data folder")
    http: str = _setting("127.0.0.1:8080", "HOST:PORT of the web services; port 0 takes any")
    sip: str = _setting("127.0.0.1:5060", "HOST:PORT of SIP over UDP; port 0 takes any")
    trunk: str = _setting("sim:", "where calls leave: sim: or sip:HOST[:PORT]")
    trunk_channels: int = _setting(0, "calls at once over the trunk; 0: what the accounts may")
    trunk_cps: float = _setting(0.0, "starts a second over the trunk; 0: what the accounts may")
    tariff: str = _setting("", "TOML file of prices; empty: calls cost nothing")
    rtp_host: str = _setting("", "address of sound; empty: that of SIP")
    rtp_ports: str = _setting("16384-32767", "FIRST-LAST UDP ports of sound")
    advertised_host: str = _setting(
        "", "address that SIP and SDP name, where a router translates ours; empty: rtp_host"
    )
    media_workers: int = _setting(0, "media worker processes; 0: one a core")
    cloud_id: str = _setting("0-0-0", "Cloud ID of this installation, three numbers")
    sip_domain: str = _setting("", "domain of caller IDs; empty: sip-CLOUD_ID.callwright.invalid")
    http_requests_per_second: float = _setting(
        0.0, "requests a second of one account, bursts of twice as many; 0: any number"
    )
    caller_id_of_validation: str = _setting(
        "", "caller ID of calls that validate caller IDs; empty: callwright"
    )
    public_url: str = _setting("", "where customers reach the web services; empty: http")
    docs_url: str = _setting("", "base of the links in error answers; empty: our own /docs")
    shutdown_grace: float = _setting(10.0, "how long calls may go on after a stop is asked for")
    page_connect_timeout: float = _setting(5.0, "connecting to a customer's web application")
    page_timeout: float = _setting(30.0, "a customer's page, from request to last byte")
    page_retry_pause: float = _setting(1.0, "before the one more try of a page without a response")
    allowed_page_networks: str = _setting(
        "", "networks of ours that customers' URLs may reach, as in 127.0.0.0/8, 10.1.2.3"
    )
    call_socket_protocols: str = _setting(
        ", ".join(SUB_PROTOCOLS),
        "sub-protocols offered to call WebSockets, the best first; v2 tells keys as messages",
    )
    call_socket_trust_file: str = _setting(
        "", "certificates to trust on call WebSockets, in PEM; empty: the system's"
    )
    call_socket_handshake_timeout: float = _setting(
        10.0, "connecting to a call WebSocket, TLS and the handshake together"
    )
    download_cache_mb: int = _setting(
        64, "disk for the files that an account downloads, in megabytes for each account"
    )
    upload_limit_mb: int = _setting(100, "the largest file that may be uploaded, in megabytes")
    speech_cache_mb: int = _setting(256, "disk for synthesised speech, in megabytes")
    text_to_speech: str = _setting("espeak", "the plug-in that speaks")
    speech_recognition: str = _setting("pocketsphinx", "the plug-in that recognises speech")
    recognition_processes: int = _setting(
        0, "processes of the embedded recognition; 0: one for two cores"
    )
    retention_references: int = _setting(
        7, "days that ended references, unique_ids and conferences that are over are known"
    )
    retention_records: int = _setting(396, "days that records are kept: 13 months")
    retention_rest_logs: int = _setting(30, "days that REST logs are kept")
    retention_callbacks: int = _setting(90, "days that finished callbacks are kept")
    retention_webhooks: int = _setting(7, "days that events are kept that no receiver took")
    retention_call_history: int = _setting(
        396, "days that calls of callbacks are kept, as records are: 13 months"
    )
    callback_answer_percent: float = _setting(
        0.0, "callbacks of an extension wait when fewer of its newest are answered; 0: never"
    )
    callback_answer_attempts: int = _setting(20, "how many of its newest attempts are looked at")
    callback_answer_hold: float = _setting(300.0, "seconds until one callback may probe again")
    webhook_format: str = _setting(
        BodyFormat.JSON.value, "bodies of callbacks' events: json, or form for URL-encoded fields"
    )
    callback_legacy_types: int = _setting(0, "1: print try_again_pause of callbacks as a text")
    client_requests_per_hour: int = _setting(
        10000, "requests of one client for callbacks within an hour, over all its applications"
    )
    log_level: str = _setting("info", "debug, info, warning or error")

    def address(self, name: str) -> tuple[str, int]:
        """Read `http` or `sip` as host and port."""
        return parse_address(name, getattr(self, name))

    def ports_of_sound(self) -> range:
        """Read `rtp_ports`."""
        found = re.fullmatch(r"(\d{1,5})-(\d{1,5})", self.rtp_ports)
        first, last = (int(found[1]), int(found[2])) if found else (0, 0)
        if not found or not _MIN_PORT <= first < last - _MIN_PORTS or last > _MAX_PORT:
            raise BadSettings(
                f"rtp_ports {self.rtp_ports!r}: FIRST-LAST expected, {_MIN_PORT} to {_MAX_PORT}, "
                f"at least {_MIN_PORTS} ports"
            )
        return range(first, last + 1)

    def page_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Read `allowed_page_networks`."""
        parts = [part.strip() for part in self.allowed_page_networks.split(",")]
        try:
            return tuple(ip_network(part) for part in parts if part)
        except ValueError as problem:
            raise BadSettings(
                f"allowed_page_networks {self.allowed_page_networks!r}: {problem}; networks and "
                "addresses with commas between them expected, as in 127.0.0.0/8, 10.1.2.3"
            ) from problem

    def call_socket_manners(self) -> SocketManners:
        """Read how call WebSockets are called."""
        names = [name.strip() for name in self.call_socket_protocols.split(",")]
        offered = tuple(name for name in names if name)
        for name in offered:
            if not _SUB_PROTOCOL.fullmatch(name):
                raise BadSettings(
                    f"call_socket_protocols {self.call_socket_protocols!r}: {name!r} is no token "
                    "(RFC 6455 4.1); names with commas between them expected"
                )
        trust = self.call_socket_trust_file
        if trust and not Path(trust).is_file():
            raise BadSettings(f"call_socket_trust_file {trust!r}: there is no such file")
        if not 0 < self.call_socket_handshake_timeout < math.inf:
            raise BadSettings(
                f"call_socket_handshake_timeout {self.call_socket_handshake_timeout!r}: "
                "more than 0 seconds expected"
            )
        return SocketManners(
            offered, str(Path(trust).resolve()) if trust else "", self.call_socket_handshake_timeout
        )

    def worker_count(self) -> int:
        """How many media workers to run."""
        return self.media_workers or os.cpu_count() or 1

    def asr_rule(self) -> AsrRule | None:
        """Read when callbacks wait because too few are answered; None for never."""
        if self.callback_answer_percent <= 0:
            return None
        share = self.callback_answer_percent / 100
        return AsrRule(self.callback_answer_attempts, share, self.callback_answer_hold)

    def webhook_body_format(self) -> BodyFormat:
        """Read `webhook_format`."""
        try:
            return BodyFormat(self.webhook_format)
        except ValueError:
            raise BadSettings(
                f"webhook_format {self.webhook_format!r}: json or form expected"
            ) from None

    def recogniser_count(self) -> int:
        """How many processes may recognise speech."""
        return self.recognition_processes or max(1, (os.cpu_count() or 1) // 2)

    def domain_of_callers(self) -> str:
        """The SIP domain that caller IDs get."""
        return self.sip_domain or f"sip-{self.cloud_id}.callwright.invalid"


_SUB_PROTOCOL: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", re.ASCII)
_MIN_PORT: Final = 1024
_MAX_PORT: Final = 65535
_MIN_PORTS: Final = 16
_CLOUD_ID: Final = re.compile(r"\d+-\d+-\d+", re.ASCII)
_NOT_NEGATIVE: Final = (
    "http_requests_per_second",
    "media_workers",
    "recognition_processes",
    "shutdown_grace",
    "trunk_channels",
    "trunk_cps",
)
_MIN_DOWNLOAD_CACHE_MB: Final = 10  # two files of the largest size that is downloaded
_A_DAY_OR_MORE: Final = (
    "retention_references",
    "retention_records",
    "retention_rest_logs",
    "retention_callbacks",
    "retention_webhooks",
    "retention_call_history",
)
_DATABASES: Final = ("postgresql://", "postgres://")
_LOG_LEVELS: Final = ("debug", "info", "warning", "error")


def parse_address(name: str, text: str) -> tuple[str, int]:
    """Read HOST:PORT.

    Raises:
        BadSettings: it is not of that form; the setting is named and the value quoted.

    """
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or int(port) > _MAX_PORT:
        raise BadSettings(f"{name} {text!r}: HOST:PORT expected, for instance 127.0.0.1:8080")
    return host, int(port)


def load_settings(
    flags: Mapping[str, object], environment: Mapping[str, str], file: Path | None
) -> Settings:
    """Put the settings together; flags that are None were not given.

    Raises:
        BadSettings: an unknown key, or a value that cannot be.

    """
    known = {one.name: one for one in fields(Settings)}
    values: dict[str, Any] = {}
    for name, value in _from_file(file).items():
        values[name] = _read(_known(known, name, f"{file}"), value, f"{file}: {name}")
    for variable, text in environment.items():
        name = variable.removeprefix(PREFIX).lower()
        if variable.startswith(PREFIX) and name not in _OF_THE_COMMAND_LINE:
            values[name] = _read(_known(known, name, variable), text, variable)
    for name, value in flags.items():
        if value is not None:
            values[name] = _read(_known(known, name, f"--{name}"), value, f"--{name}")
    return _checked(Settings(**values))


def settings_here(flags: Mapping[str, object], file: Path | None = None) -> Settings:
    """Put the settings together as a command does that is run in this folder."""
    if file is None and Path(FILE_NAME).exists():
        file = Path(FILE_NAME)
    return load_settings(flags, os.environ, file)


_OF_THE_COMMAND_LINE: Final = frozenset({"server", "username", "key", "client_id", "client_secret"})
"""Variables that the commands speaking to a server read; they are no settings of ours."""


def _from_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise BadSettings(f"{file}: {problem.strerror}") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadSettings(f"{file} is not TOML: {problem}") from problem


def _known(known: Mapping[str, Field[Any]], name: str, where: str) -> Field[Any]:
    if name not in known:
        raise BadSettings(f"{where}: unknown setting {name!r}; known are {', '.join(known)}")
    return known[name]


def _read(setting: Field[Any], value: object, where: str) -> object:
    """Make a value of the default's type."""
    default: Any = setting.default
    wanted = type(default)
    if isinstance(value, wanted) and not isinstance(value, bool):
        return value
    try:
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return wanted(value)
    except ValueError:
        pass
    raise BadSettings(f"{where}: {value!r} is no {wanted.__name__}: {setting.metadata['help']}")


def _checked(settings: Settings) -> Settings:
    settings.address("http")
    settings.address("sip")
    settings.ports_of_sound()
    settings.page_networks()
    settings.call_socket_manners()
    settings.webhook_body_format()
    if settings.database and not settings.database.startswith(_DATABASES):
        # Not quoted: there may be a password in it.
        raise BadSettings("database: postgresql://USER:PASSWORD@HOST/NAME expected, or nothing")
    if not _CLOUD_ID.fullmatch(settings.cloud_id):
        raise BadSettings(f"cloud_id {settings.cloud_id!r}: three numbers as in 0-0-0 expected")
    if settings.log_level not in _LOG_LEVELS:
        raise BadSettings(f"log_level {settings.log_level!r}: one of {_LOG_LEVELS} expected")
    for name in _NOT_NEGATIVE:
        if not 0 <= getattr(settings, name) < math.inf:
            raise BadSettings(f"{name} {getattr(settings, name)!r}: 0 or more expected")
    if settings.download_cache_mb < _MIN_DOWNLOAD_CACHE_MB:
        raise BadSettings(
            f"download_cache_mb {settings.download_cache_mb!r}: {_MIN_DOWNLOAD_CACHE_MB} or more "
            "expected"
        )
    if settings.client_requests_per_hour < 1:
        raise BadSettings(
            f"client_requests_per_hour {settings.client_requests_per_hour!r}: 1 or more expected"
        )
    if settings.callback_legacy_types not in {0, 1}:
        raise BadSettings(
            f"callback_legacy_types {settings.callback_legacy_types!r}: 0 or 1 expected"
        )
    if settings.upload_limit_mb < 1:
        raise BadSettings(f"upload_limit_mb {settings.upload_limit_mb!r}: 1 or more expected")
    for name in _A_DAY_OR_MORE:
        if getattr(settings, name) < 1:
            raise BadSettings(f"{name} {getattr(settings, name)!r}: 1 day or more expected")
    return settings
