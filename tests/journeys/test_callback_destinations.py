"""Callbacks whose extensions are no telephones: customers' servers, services here, rooms."""

from collections.abc import Iterator

import pytest

from tests.sim.authority import Authority
from tests.sim.call_socket_libraries import WebsocketsServer
from tests.sim.call_socket_servers import CallSocketServer
from tests.sim.callbacks import CallbackClient
from tests.sim.page_server import Answer
from tests.sim.site import Site, open_site
from tests.sim.sound import seconds_of
from tests.sim.tone_ends import interrupt, tone_end

pytestmark = pytest.mark.journey

A_HZ, B_HZ = 600, 900


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


@pytest.fixture(scope="module")
def client(site: Site) -> CallbackClient:
    return CallbackClient(site.account)


@pytest.mark.parametrize(
    ("number", "a_kind", "b_kind"),
    [(1, "sip", "wss"), (2, "sip", "loc"), (3, "sip", "con"), (4, "wss", "sip"), (5, "con", "wss")],
)
def test_whatever_an_extension_calls_is_joined(
    site: Site,
    server: CallSocketServer,
    client: CallbackClient,
    number: int,
    a_kind: str,
    b_kind: str,
) -> None:
    name = f"{a_kind}-{b_kind}"
    for event in ("success", "after"):
        site.pages.page(f"/{name}/{event}", Answer())
    with (
        tone_end(site, a_kind, f"{name}-a", A_HZ, server) as a,
        tone_end(site, b_kind, f"{name}-b", B_HZ, server) as b,
    ):
        a_number, b_number = f"{number}01", f"{number}02"
        client.extension("A", a_number, a.destination)
        client.extension("B", b_number, b.destination)
        queue_id = client.queue(name=name)
        task = {
            "a_number": a_number,
            "b_number": b_number,
            "extension_id": f"@{a_number}",
            "url_success": site.pages.url(f"/{name}/success"),
            "url_after": site.pages.url(f"/{name}/after"),
        }
        [task_id] = client.add(queue_id, task)
        site.pages.wait_for(f"/{name}/success")
        b.let_talk()
        path = f"/task_scheduler/{queue_id}/task/{task_id}"
        assert client.request("DELETE", path, force="true").status == 204
        told = site.pages.wait_for(f"/{name}/after").info["task"]
        for kind, service in ((a_kind, f"{name}-a"), (b_kind, f"{name}-b")):
            if kind == "con":
                interrupt(site, service)
        at_a, at_b = a.heard(), b.heard()

    assert told["finish_result"] == "success"
    assert seconds_of(at_a, B_HZ) > 1.0
    assert seconds_of(at_b, A_HZ) > 1.0
    assert seconds_of(at_a, A_HZ) == seconds_of(at_b, B_HZ) == 0
