"""Whole calls to customers' servers: how they begin, what crosses them, and how each ends."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sim.authority import Authority
from tests.sim.call_socket_libraries import SERVERS, WebsocketsServer
from tests.sim.call_socket_servers import CallSocketServer
from tests.sim.page_server import actions
from tests.sim.ports import free_port
from tests.sim.site import Site, open_site
from tests.sim.sound import seconds_of

pytestmark = pytest.mark.journey

TONE_HZ, PHONE_HZ = 700, 500
EXTRA = {"extra_channels": 1}
WAITS: dict[str, object] = {"sleep": {"seconds": 30}}


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    trust = authority.write_trust_file(folder / "ca.pem")
    with open_site(folder, settings={"call_socket_trust_file": str(trust)}) as opened:
        yield opened


@pytest.fixture(scope="module")
def server(authority: Authority) -> Iterator[CallSocketServer]:
    with WebsocketsServer(authority.certificate()) as opened:
        yield opened


def the_cdr(site: Site, service: str) -> dict[str, Any]:
    [cdr] = site.record(service)["cdrs"].values()
    assert isinstance(cdr, dict)
    return cdr


def error_texts(site: Site, service: str) -> list[str]:
    return [error["error_text"] for error in site.record(service)["errs"].values()]


@pytest.mark.parametrize("library", SERVERS, ids=lambda kind: kind.__name__)
def test_a_start_calls_a_server_of_any_make(
    site: Site, authority: Authority, library: type[CallSocketServer]
) -> None:
    name = f"make-{library.__name__.lower()}"
    prompt = site.tone("prompt.wav", TONE_HZ, seconds=1)
    with library(authority.certificate()) as server:
        site.calls(name, server.url("/quiet"), actions(prompt))
        final = site.final(name)["this_call"]
        call = server.wait_for_call()
        call.wait_until_over()

    assert (final["call_cause"], final["call_raw_cause"]) == ("completed", "0")
    assert final["call_from"] == "441908273801"
    assert call.kinds()[:2] == ["call_start", "audio_start"]
    assert call.kinds()[-2:] == ["audio_end", "call_end"]
    assert call.messages[0]["from"] == "441908273801"
    assert call.messages[-1] == {
        "type": "call_end",
        "origin": "client",
        "cause": "NORMAL",
        "raw_cause": 0,
    }
    heard = memoryview(bytes(call.sound)).cast("h").tolist()
    assert seconds_of(heard, TONE_HZ) == pytest.approx(1.0, abs=0.2)
    cdr = the_cdr(site, name)
    assert (cdr["dir"], cdr["channel_type"], cdr["hangup_cause"]) == ("out", "p", "NORMAL(0)")
    assert cdr["destination_address"] == server.url("/quiet")
    assert cdr["originating_address"].startswith("441908273801@")


ENDS = [
    ("hang_up?cause=BUSY&raw_cause=17", "busy", "BUSY(17)"),
    ("hang_up?raw_cause=16", "hung_up", "NORMAL(16)"),
    ("close?code=1000", "hung_up", "NORMAL(1000)"),
    ("close?code=4001", "failed", "FAILED(4001)"),
    ("vanish", "failed", "FAILED(1006)"),
]


@pytest.mark.parametrize(("path", "call_cause", "hangup_cause"), ENDS)
def test_the_server_ends_the_call(
    site: Site, server: CallSocketServer, path: str, call_cause: str, hangup_cause: str
) -> None:
    name = f"end-{ENDS.index((path, call_cause, hangup_cause))}"
    site.calls(name, server.url(f"/{path}"), actions(WAITS))
    final = site.final(name)["this_call"]

    assert final["call_cause"] == call_cause
    assert f"({final['call_raw_cause']})" in hangup_cause
    assert the_cdr(site, name)["hangup_cause"] == hangup_cause


def unreachable(server: CallSocketServer, stranger: CallSocketServer) -> dict[str, tuple[str, str]]:
    """How a server may not be reached: its URL, and how the call ends."""
    return {
        "901": ("wss://localhost:port/", "NUMBER_UNOBTAINABLE(901)"),
        "902": ("wss://nobody.invalid/", "NUMBER_UNOBTAINABLE(902)"),
        "903": (f"wss://localhost:{free_port()}/", "OUT_OF_ORDER(903)"),
        "forbidden": ("wss://10.0.0.1/", "OUT_OF_ORDER(903)"),
        "904": (stranger.url("/quiet"), "OUT_OF_ORDER(904)"),
        "905": (server.url("/broken"), "OUT_OF_ORDER(905)"),
        "404": (server.url("/status?code=404"), "FAILED(404)"),
        "500": (server.url("/status?code=500"), "FAILED(500)"),
        "486": (server.url("/status?code=486"), "BUSY(486)"),
        "503": (server.url("/status?code=503"), "CONGESTION(503)"),
        "stall": (server.url("/stall"), "NO_ANSWER(0)"),
    }


@pytest.fixture(scope="module")
def stranger() -> Iterator[CallSocketServer]:
    """A server whose certificate nobody here trusts."""
    with WebsocketsServer(Authority().certificate()) as opened:
        yield opened


WAYS = ["901", "902", "903", "forbidden", "904", "905", "404", "500", "486", "503", "stall"]


@pytest.mark.parametrize("way", WAYS)
def test_a_server_that_is_not_reached(
    site: Site, server: CallSocketServer, stranger: CallSocketServer, way: str
) -> None:
    url, cause = unreachable(server, stranger)[way]
    name = f"not-{way}"
    site.calls(name, url, actions(), answer_timeout=2)
    final = site.final(name)["this_call"]

    assert f"({final['call_raw_cause']})" in cause
    assert f"/{name}/first" not in site.pages.paths()
    cdr = the_cdr(site, name)
    assert (cdr["hangup_cause"], cdr["duration"]) == (cause, 0.0)
    texts = error_texts(site, name)
    if way == "forbidden":
        assert "a private address" in texts[0]
    elif way.startswith("90"):
        assert len(texts) == 1, texts


def test_causes_and_keys_cross_a_connection(site: Site, server: CallSocketServer) -> None:
    url = server.url("/hang_up?cause=CONGESTION&raw_cause=34&after=150")
    secondary = {"final_page": {"url": "goodbye"}}
    properties = {"secondary_call": secondary, "next_page": {"url": "after"}}
    first = actions({"connect": {"destinations": [url]} | properties})
    site.answers("crossing", first, options=EXTRA)
    site.page("crossing", "goodbye", actions())
    site.page("crossing", "after", actions({"hang_up": {}}))
    with site.phone("crossing-a", hertz=PHONE_HZ) as phone:
        site.call(phone, "crossing")
        site.wait_for("crossing", "joined", times=2)
        [call] = [call for call in server.calls if call.path.endswith("after=150")]
        phone.press("5")
        key = call.wait_for("dtmf")
        phone.wait_for("CALL_CLOSED")
        goodbye, after = site.asked("crossing", "goodbye"), site.asked("crossing", "after")

    assert key["digit"] == "5"
    told = goodbye["this_call"]
    assert (told["call_cause"], told["call_raw_cause"]) == ("failed", "34")
    assert (told["call_direction"], told["call_from"]) == ("out", "sip:crossing-a@127.0.0.1")
    assert after["action_result"]["result"]["seconds_connected_duration"] > 1.0
    assert after["this_call"]["call_state"] == "answered"
    cdrs = sorted(site.record("crossing")["cdrs"].values(), key=lambda cdr: cdr["channel_type"])
    assert [cdr["hangup_cause"] for cdr in cdrs] == ["NORMAL(200)", "CONGESTION(34)"]
    assert call.messages[0]["from"] == "sip:crossing-a@127.0.0.1"
    assert call.messages[-1]["origin"] == "server"


def test_secrets_in_a_url_are_in_no_record_and_no_log(
    site: Site, authority: Authority, server: CallSocketServer
) -> None:
    del authority
    url = server.url("/hang_up?token=s3cr3t").replace("wss://", "wss://ann:h1dden@")
    site.calls("secrets", url, actions())
    final = site.final("secrets")["this_call"]
    record = f"{site.record('secrets')}"

    shown = f"wss://***@localhost:{server.port}/hang_up?***"
    assert final["call_to"] == shown
    assert shown in record
    for text in (record, f"{final}", site.rest_log("secrets"), site.cloud.log()):
        assert "s3cr3t" not in text
        assert "h1dden" not in text


def test_a_server_that_stops_takes_leave_of_servers(tmp_path: Path, authority: Authority) -> None:
    trust = authority.write_trust_file(tmp_path / "ca.pem")
    settings = {"call_socket_trust_file": str(trust), "shutdown_grace": "0"}
    with (
        WebsocketsServer(authority.certificate()) as server,
        open_site(tmp_path / "site", settings=settings) as site,
    ):
        site.calls("stops", server.url("/echo"), actions(WAITS))
        call = server.wait_for_call()
        call.wait_for_sound(25)
        site.cloud.stop()
        call.wait_until_over()

    assert call.kinds()[-2:] == ["audio_end", "call_end"]
    assert (call.messages[-1]["origin"], call.close_code) == ("client", 1000)


def test_what_stays_inside_takes_no_channel_of_the_trunk(
    tmp_path: Path, authority: Authority
) -> None:
    trust = authority.write_trust_file(tmp_path / "ca.pem")
    settings = {"call_socket_trust_file": str(trust), "trunk_channels": "1"}
    with (
        WebsocketsServer(authority.certificate()) as server,
        open_site(tmp_path / "site", settings=settings) as site,
        site.phone("busy-line") as phone,
    ):
        site.answers("inner", actions({"answer": {}}, WAITS))
        outside = {"to": "sip:busy-line@example.com"}
        site.calls("outer", outside["to"], actions(WAITS))
        phone.wait_for("CALL_ESTABLISHED")
        wanted = ["con:team", "loc:inner", server.url("/quiet")]
        starts = [{"to": to} for to in [*wanted, outside["to"], *wanted]]
        refs = site.account.start("outer", *starts)
        for ref in refs[:3]:
            site.events.wait_for("answered", service_ref=ref)
        # Who needs the trunk waits for it, and those behind him for him.
        assert [site.account.status(ref)[ref]["status"] for ref in refs[3:]] == ["queued"] * 4
        phone.hang_up()
        for ref in refs[3:]:
            site.events.wait_for("answered", service_ref=ref)
