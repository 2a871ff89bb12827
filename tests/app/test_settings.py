"""Settings from flags, environment and file; a mistake is named at start."""

from pathlib import Path

import pytest

from callwright.app.settings import BadSettings, Settings, load_settings
from callwright.engine.call_sockets import SocketManners


def test_defaults_listen_on_loopback_and_dial_nobody() -> None:
    settings = load_settings({}, {}, None)
    assert settings == Settings()
    assert settings.address("http") == ("127.0.0.1", 8080)
    assert settings.address("sip") == ("127.0.0.1", 5060)
    assert settings.trunk == "sim:"


def test_a_flag_beats_the_environment_beats_the_file(tmp_path: Path) -> None:
    file = tmp_path / "callwright.toml"
    file.write_text('http = "127.0.0.1:1"\nsip = "127.0.0.1:2"\ncloud_id = "1-2-0"\n')
    environment = {"CALLWRIGHT_SIP": "127.0.0.1:3", "CALLWRIGHT_HTTP": "127.0.0.1:4", "HOME": "/"}
    settings = load_settings({"http": "127.0.0.1:5", "sip": None}, environment, file)
    assert (settings.http, settings.sip, settings.cloud_id) == (
        "127.0.0.1:5",
        "127.0.0.1:3",
        "1-2-0",
    )


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"CALLWRIGHT_HTPP": "127.0.0.1:1"}, "htpp"),
        ({"CALLWRIGHT_HTTP": "8080"}, "'8080'"),
        ({"CALLWRIGHT_HTTP": "127.0.0.1:70000"}, "'127.0.0.1:70000'"),
        ({"CALLWRIGHT_MEDIA_WORKERS": "two"}, "'two'"),
        ({"CALLWRIGHT_MEDIA_WORKERS": "-1"}, "media_workers"),
        ({"CALLWRIGHT_RTP_PORTS": "5-1"}, "'5-1'"),
        ({"CALLWRIGHT_CLOUD_ID": "eu"}, "'eu'"),
        ({"CALLWRIGHT_LOG_LEVEL": "loud"}, "'loud'"),
        ({"CALLWRIGHT_HTTP_REQUESTS_PER_SECOND": "-1"}, "http_requests_per_second -1.0"),
        ({"CALLWRIGHT_TRUNK_CPS": "-1"}, "trunk_cps -1.0"),
        ({"CALLWRIGHT_TRUNK_CPS": "nan"}, "trunk_cps nan"),
        ({"CALLWRIGHT_TRUNK_CHANNELS": "-2"}, "trunk_channels -2"),
        ({"CALLWRIGHT_RETENTION_RECORDS": "0"}, "retention_records 0"),
        ({"CALLWRIGHT_DOWNLOAD_CACHE_MB": "9"}, "download_cache_mb 9"),
        ({"CALLWRIGHT_UPLOAD_LIMIT_MB": "0"}, "upload_limit_mb 0"),
        ({"CALLWRIGHT_ALLOWED_PAGE_NETWORKS": "10.0.0.1/8"}, "'10.0.0.1/8': .* host bits"),
        ({"CALLWRIGHT_ALLOWED_PAGE_NETWORKS": "localhost"}, "'localhost'"),
        ({"CALLWRIGHT_CALL_SOCKET_PROTOCOLS": "v1, a b"}, "'a b' is no token"),
        ({"CALLWRIGHT_CALL_SOCKET_TRUST_FILE": "/no/ca.pem"}, "'/no/ca.pem': there is no such"),
        ({"CALLWRIGHT_CALL_SOCKET_HANDSHAKE_TIMEOUT": "0"}, "0.0: more than 0 seconds"),
    ],
)
def test_a_mistake_is_named(environment: dict[str, str], named: str) -> None:
    with pytest.raises(BadSettings, match=named):
        load_settings({}, environment, None)


@pytest.mark.parametrize(
    ("text", "networks"),
    [
        ("", []),
        ("127.0.0.1", ["127.0.0.1/32"]),
        (" 10.1.0.0/16 ,, fd00::/8,", ["10.1.0.0/16", "fd00::/8"]),
    ],
)
def test_networks_of_pages_are_read(text: str, networks: list[str]) -> None:
    settings = load_settings({"allowed_page_networks": text}, {}, None)
    assert [str(network) for network in settings.page_networks()] == networks


def test_how_servers_are_called_is_read(tmp_path: Path) -> None:
    assert load_settings({}, {}, None).call_socket_manners() == SocketManners()
    trust = tmp_path / "ca.pem"
    trust.write_text("")
    flags = {"call_socket_protocols": "a.b , c", "call_socket_trust_file": str(trust)}
    manners = load_settings(flags, {}, None).call_socket_manners()
    assert manners == SocketManners(("a.b", "c"), str(trust))


@pytest.mark.parametrize(
    ("text", "named"),
    [("htpp = 1", "htpp"), ("http = [1]", "http"), ("http =", "not TOML"), ("http = true", "True")],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "callwright.toml"
    file.write_text(text)
    with pytest.raises(BadSettings, match=named):
        load_settings({}, {}, file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="missing"):
        load_settings({}, {}, tmp_path / "missing.toml")


@pytest.mark.parametrize("text", ["mysql://ann:s3cr3t@db/calls", "s3cr3t"])
def test_a_database_that_is_none_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(BadSettings, match="postgresql://") as caught:
        load_settings({}, {"CALLWRIGHT_DATABASE": text}, None)
    assert "s3cr3t" not in str(caught.value)


def test_the_password_of_the_database_is_not_printed() -> None:
    url = "postgresql://ann:s3cr3t@db/calls"
    settings = load_settings({}, {"CALLWRIGHT_DATABASE": url}, None)
    assert settings.database == url
    assert "s3cr3t" not in repr(settings)
