"""Which connections are made: to checked addresses only, over good TLS, and as few as can be."""

import ssl
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path

import pytest

from callwright.adapters.web.address_guard import Address, AddressGuard
from callwright.adapters.web.page_fetcher import PageFetchers
from callwright.domain.outbound_service import PageAddress
from callwright.runner.ports import PageUnreachable
from tests.adapters.web.fetching import BODY, Names, fetch, fetch_all, self_signed, with_fetchers
from tests.sim.page_server import Answer, Closes, PageServer

LOOPBACK_RULE = "its host has a loopback address, which this installation does not ask"
PRIVATE_RULE = r"its host has a private address \(RFC 1918\), which this installation does not ask"


def nobody(_: Address) -> bool:
    return False


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "127.8.9.10",
        "0x7f.0.0.1",
        "0x7f000001",
    ],
)
def test_no_spelling_of_loopback_is_connected_to(host: str) -> None:
    with PageServer() as server:
        page = PageAddress(f"http://{host}:{server.port}/first")
        with pytest.raises(PageUnreachable, match=f"/first could not be asked: {LOOPBACK_RULE}$"):
            fetch_all([page], guard=AddressGuard())

    assert server.asked == []


@pytest.mark.parametrize("host", ["2130706433", "017700000001", "127.1", "0177.0.0.1", "127.0.1"])
def test_no_number_that_is_no_plain_address_is_asked(host: str) -> None:
    with PageServer() as server:
        page = PageAddress(f"http://{host}:{server.port}/first")
        with pytest.raises(PageUnreachable, match=f"{host}:{server.port}/first "):
            fetch_all([page])

    assert server.asked == []


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]"])  # noqa: S104 - nothing is bound to it
def test_the_unspecified_address_is_not_asked_even_where_loopback_is(host: str) -> None:
    with PageServer() as server, pytest.raises(PageUnreachable, match="an unspecified address"):
        fetch(PageAddress(f"http://{host}:{server.port}/first"))

    assert server.asked == []


@pytest.mark.parametrize(
    ("addresses", "rule"),
    [
        (["10.0.0.1"], PRIVATE_RULE),
        (["10.0.0.1", "10.0.0.2"], PRIVATE_RULE),
        (["169.254.169.254"], "its host has a link-local address"),
        (["192.168.0.1", "fd00::1"], "its host has a private address"),
        (["127.0.0.1", "::1"], LOOPBACK_RULE),
    ],
)
def test_a_name_is_judged_by_what_it_stands_for(addresses: Sequence[str], rule: str) -> None:
    names = Names([addresses])
    with pytest.raises(PageUnreachable, match=rule) as caught:
        fetch_all([PageAddress("http://intranet.example/first")], guard=AddressGuard(), names=names)

    assert "http://intranet.example/first" in str(caught.value)
    assert all(address not in str(caught.value) for address in addresses)
    assert names.asked == ["intranet.example"], "what is refused is not tried again"


def test_of_several_addresses_only_the_allowed_one_is_connected_to() -> None:
    guard = AddressGuard([ip_network("127.0.0.1")], is_ours=nobody)
    names = Names([["10.0.0.1", "127.0.0.2", "127.0.0.1"]])
    with PageServer() as server:
        server.page("/first", Answer(b"{}"))
        page = PageAddress(f"http://app.example:{server.port}/first")
        [response] = fetch_all([page], guard=guard, names=names)

    assert response.body == b"{}"
    assert names.asked == ["app.example"], "what was judged is connected to, with no second look-up"


def test_a_name_that_changes_its_mind_is_judged_again() -> None:
    guard = AddressGuard([ip_network("127.0.0.1")])
    names = Names([["127.0.0.1"], ["127.0.0.2"]])
    with PageServer() as other, PageServer() as server:
        again = f"http://app.example:{other.port}/first"
        server.page("/first", Answer(status=307, headers={"Location": again}))
        page = PageAddress(f"http://app.example:{server.port}/first")
        with pytest.raises(PageUnreachable, match=LOOPBACK_RULE):
            fetch_all([page], guard=guard, names=names)

    assert names.asked == ["app.example"] * 2
    assert (server.paths(), other.paths()) == (["/first"], [])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["http://127.0.0.2:{port}/secret", "//[::1]:{port}/secret"])
def test_a_redirect_out_of_what_is_allowed_is_not_followed(status: int, location: str) -> None:
    guard = AddressGuard([ip_network("127.0.0.1")])
    with PageServer() as server:
        moved = Answer(status=status, headers={"Location": location.format(port=server.port)})
        server.page("/first", moved)
        with pytest.raises(PageUnreachable, match=LOOPBACK_RULE):
            fetch_all([PageAddress(server.url("/first"))], guard=guard)

    assert server.paths() == ["/first"]


def test_a_certificate_that_nobody_signed_is_refused(tmp_path: Path) -> None:
    with PageServer(tls=self_signed(tmp_path).server) as server:
        server.page("/first", Answer())
        with pytest.raises(PageUnreachable, match="its TLS certificate is not good"):
            fetch(PageAddress(server.url("/first")))

    assert server.asked == []


@pytest.mark.parametrize(
    ("years", "host", "reason"),
    [
        ((2020, 2100), "127.0.0.1", None),
        ((2020, 2021), "127.0.0.1", "its TLS certificate is not good"),
        ((2020, 2100), "app.example", "its TLS certificate is not good"),
    ],
)
def test_a_certificate_is_good_for_its_time_and_name(
    tmp_path: Path, years: tuple[int, int], host: str, reason: str | None
) -> None:
    certified = self_signed(tmp_path, years=years)
    with PageServer(tls=certified.server) as server:
        server.page("/first", Answer(b"{}"))
        pages = [PageAddress(f"https://{host}:{server.port}/first")]
        names = Names([["127.0.0.1"]])
        if reason is None:
            [response] = fetch_all(pages, tls=certified.client, names=names)
            assert response.body == b"{}"
        else:
            with pytest.raises(PageUnreachable, match=reason):
                fetch_all(pages, tls=certified.client, names=names)
            assert server.asked == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_tls_1_1_is_not_spoken(tmp_path: Path) -> None:
    certified = self_signed(tmp_path)
    lenient = certified.client
    for old in (certified.server, lenient):
        old.minimum_version = ssl.TLSVersion.TLSv1_1
        old.set_ciphers("DEFAULT@SECLEVEL=0")
    certified.server.maximum_version = ssl.TLSVersion.TLSv1_1
    with PageServer(tls=certified.server) as server:
        server.page("/first", Answer(b"{}"))
        page = PageAddress(server.url("/first"))
        with pytest.raises(PageUnreachable, match=r"it broke off the TLS handshake$"):
            fetch(page)
        assert fetch_all([page], tls=lenient)[0].body == b"{}"


def test_a_port_without_tls_is_told_from_one_that_is_down() -> None:
    with PageServer() as server, pytest.raises(PageUnreachable, match="the TLS handshake failed"):
        fetch(PageAddress(f"https://127.0.0.1:{server.port}/first"))


def test_a_port_with_tls_answers_nothing_without(tmp_path: Path) -> None:
    tls = self_signed(tmp_path).server
    with PageServer(tls=tls) as server, pytest.raises(PageUnreachable, match="without an answer"):
        fetch(PageAddress(f"http://127.0.0.1:{server.port}/first"))


def test_one_connection_serves_a_whole_instance() -> None:
    with PageServer() as server:
        server.page("/first", Answer(b"{}"))
        server.page("/moved", Answer(status=307, headers={"Location": "/first"}))
        server.page("/gone", Answer(b"no", status=404))
        pages = [PageAddress(server.url(path)) for path in ("/first", "/moved", "/gone", "/first")]
        fetch_all(pages)

    assert server.paths() == ["/first", "/moved", "/first", "/gone", "/first"]
    assert len({asked.connection for asked in server.asked}) == 1


def test_instances_hand_connections_on() -> None:
    async def story(fetchers: PageFetchers) -> None:
        for _ in range(5):
            fetcher = fetchers.new()
            await fetcher.fetch(page, body=BODY, credentials=None)
            await fetcher.close()

    with PageServer() as server:
        server.page("/first", Answer(b"{}"))
        page = PageAddress(server.url("/first"))
        with_fetchers(story)

    assert len(server.asked) == 5
    assert len({asked.connection for asked in server.asked}) == 1


def test_a_connection_that_broke_is_not_used_again() -> None:
    with PageServer() as server:
        server.page("/first", Answer(b"{}"), Closes(b"HTTP/1.1 200 OK\r\n"), Answer(b"{}"))
        page = PageAddress(server.url("/first"))

        async def story(fetchers: PageFetchers) -> None:
            fetcher = fetchers.new()
            await fetcher.fetch(page, body=BODY, credentials=None)
            with pytest.raises(PageUnreachable, match="the answer broke off"):
                await fetcher.fetch(page, body=BODY, credentials=None)
            await fetcher.fetch(page, body=BODY, credentials=None)
            await fetcher.close()

        with_fetchers(story)

    first, second, third = (asked.connection for asked in server.asked)
    assert first == second != third
