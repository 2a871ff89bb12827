"""Sound files over real HTTP on loopback: kept, asked for again, shared, bounded."""

import asyncio
import gzip
import threading
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import TypeVar

import pytest

from callwright.adapters.web.address_guard import AddressGuard
from callwright.adapters.web.download_folder import DownloadFolder
from callwright.adapters.web.downloads import MAX_FILE_BYTES, HttpDownloads
from callwright.adapters.web.exchange import FetchTimes
from callwright.domain.ids import AccountId
from callwright.runner.ports import DownloadFault, Downloads
from tests.adapters.web.fetching import IVR, LOOPBACK, no_pause
from tests.sim.clock import VirtualClock
from tests.sim.page_server import (
    Answer,
    Asked,
    Closes,
    Endless,
    NeverAnswers,
    PageServer,
    Reaction,
    Stalls,
)

T = TypeVar("T")

ANN, BOB = AccountId(1), AccountId(2)
SOUND = b"RIFF\0\0\0\0WAVEfmt " + bytes(1000)
OTHER = b"RIFF\0\0\0\0WAVEfmt " + bytes(500)
OK = b"HTTP/1.1 200 OK\r\n"


class Site:
    """Downloads into a folder of this test."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.clock = VirtualClock()

    def run(
        self,
        story: Callable[[Downloads], Awaitable[T]],
        *,
        guard: AddressGuard = LOOPBACK,
        total: float = 30.0,
    ) -> T:
        async def whole() -> T:
            folder = DownloadFolder(self.root, max_bytes=64 << 20, clock=self.clock)
            downloads = HttpDownloads(
                folder, guard, clock=self.clock, times=FetchTimes(total=total), pause=no_pause
            )
            try:
                return await story(downloads)
            finally:
                await downloads.close()

        return asyncio.run(whole())

    def get(self, url: str, *, account_id: AccountId = ANN, total: float = 30.0) -> bytes:
        """Download one file, as a server that was started for it."""

        async def story(downloads: Downloads) -> str:
            return await downloads.wav(account_id, url, credentials=IVR)

        return Path(self.run(story, total=total)).read_bytes()

    def files(self) -> list[str]:
        return sorted(path.suffix for path in self.root.glob("*/*"))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "downloads")


NO_DATE = {"Date": "unknown"}
"""The server's clock is the machine's, ours is not: a date would make its answers look old."""


def sound(headers: Mapping[str, str], content: bytes = SOUND) -> Answer:
    return Answer(content, headers={**NO_DATE, **headers})


def test_a_file_is_asked_for_with_get_and_nothing_else(site: Site) -> None:
    with PageServer() as server:
        server.page("/a.wav", Answer(SOUND, headers={"Set-Cookie": "a=b"}))
        assert site.get(server.url("/a.wav?v=1#here")) == SOUND
        assert site.get(server.url("/a.wav?v=1")) == SOUND

    for asked in server.asked:
        assert (asked.method, asked.body, dict(asked.query)) == ("GET", b"", {"v": "1"})
        assert asked.headers["Accept"].startswith("audio/wav")
        assert asked.login == ("ivr", "ö:pen")
        assert "Cookie" not in asked.headers


ASKED_AGAIN = [
    ("nothing said", {}, 1, [None]),
    ("fresh", {"Cache-Control": "max-age=60"}, 59, []),
    ("fresh and private", {"Cache-Control": "private, max-age=60"}, 59, []),
    ("stale", {"Cache-Control": "max-age=60"}, 61, [None]),
    ("no-store", {"Cache-Control": "no-store, max-age=60", "ETag": '"1"'}, 1, [None]),
    ("stale with a tag", {"Cache-Control": "max-age=60", "ETag": '"1"'}, 61, ['"1"']),
    ("no-cache with a tag", {"Cache-Control": "no-cache, max-age=60", "ETag": '"1"'}, 1, ['"1"']),
]


@pytest.mark.parametrize(
    ("headers", "seconds", "conditions"),
    [row[1:] for row in ASKED_AGAIN],
    ids=[row[0] for row in ASKED_AGAIN],
)
def test_a_file_is_asked_for_again_when_its_headers_say_so(
    site: Site, headers: dict[str, str], seconds: float, conditions: list[str | None]
) -> None:
    with PageServer() as server:
        server.page("/a.wav", sound(headers), sound({}, OTHER))
        assert site.get(server.url("/a.wav")) == SOUND
        site.clock.advance(seconds)
        assert site.get(server.url("/a.wav")) == (OTHER if conditions else SOUND)

    assert [asked.headers.get("If-None-Match") for asked in server.asked[1:]] == conditions


def test_a_file_that_did_not_change_is_fresh_again(site: Site) -> None:
    with PageServer() as server:
        kept = sound(
            {"Cache-Control": "max-age=60", "Last-Modified": "Fri, 15 Jan 2027 08:00:00 GMT"}
        )
        server.page("/a.wav", kept, Answer(status=304, headers=NO_DATE))
        for _ in range(4):
            assert site.get(server.url("/a.wav")) == SOUND
            site.clock.advance(40)

    assert [asked.headers.get("If-Modified-Since") for asked in server.asked] == [
        None,
        "Fri, 15 Jan 2027 08:00:00 GMT",
    ]


def test_another_url_account_or_name_is_another_file(site: Site) -> None:
    with PageServer() as server:
        fresh = sound({"Cache-Control": "max-age=60"})
        server.page("/a.wav", fresh)
        server.page("/b.wav", fresh)

        async def story(downloads: Downloads) -> None:
            for _ in range(2):
                await downloads.wav(ANN, server.url("/a.wav"), credentials=IVR)
                await downloads.wav(ANN, server.url("/a.wav?v=2"), credentials=IVR)
                await downloads.wav(ANN, server.url("/b.wav"), credentials=IVR)
                await downloads.wav(ANN, server.url("/a.wav"), credentials=None)
                await downloads.wav(BOB, server.url("/a.wav"), credentials=IVR)

        site.run(story)

    assert len(server.asked) == 5
    assert len({asked.connection for asked in server.asked}) == 1
    assert len({path.parent for path in site.root.glob("*/*.wav")}) == 2


def test_redirects_are_followed_and_what_they_lead_to_is_kept(site: Site) -> None:
    with PageServer() as server:
        server.page("/a.wav", Answer(status=301, headers={"Location": "/b.wav"}))
        server.page("/b.wav", Answer(status=307, headers={"Location": "/c.wav"}))
        server.page("/c.wav", sound({"Cache-Control": "max-age=60"}))
        for _ in range(2):
            assert site.get(server.url("/a.wav")) == SOUND

    assert server.paths() == ["/a.wav", "/b.wav", "/c.wav", "/a.wav", "/b.wav"]


def test_credentials_do_not_follow_to_another_host(site: Site) -> None:
    with PageServer() as server:
        elsewhere = server.url("/there.wav").replace("127.0.0.1", "localhost")
        server.page("/a.wav", Answer(status=302, headers={"Location": elsewhere}))
        server.page("/there.wav", Answer(SOUND))
        site.get(server.url("/a.wav"))

    assert [asked.login for asked in server.asked] == [("ivr", "ö:pen"), None]


def test_a_redirect_out_of_what_is_allowed_is_not_followed(site: Site) -> None:
    async def story(downloads: Downloads) -> None:
        with pytest.raises(DownloadFault, match="its host has a loopback address"):
            await downloads.wav(ANN, server.url("/a.wav"), credentials=None)

    with PageServer() as server:
        secret = f"http://127.0.0.2:{server.port}/secret"
        server.page("/a.wav", Answer(status=302, headers={"Location": secret}))
        site.run(story, guard=AddressGuard([ip_network("127.0.0.1")]))

    assert server.paths() == ["/a.wav"]


def test_a_challenge_is_answered(site: Site) -> None:
    with PageServer() as server:
        who = {"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth"'}
        server.page("/a.wav", Answer(status=401, headers=who), Answer(SOUND))
        assert site.get(server.url("/a.wav")) == SOUND

    assert server.asked[1].headers["Authorization"].startswith('Digest username="ivr"')


BOMB = gzip.compress(SOUND + bytes(1 << 26))

BAD: list[tuple[str, Reaction, str]] = [
    ("is not there", Answer(status=404), "answered with HTTP status 404"),
    ("needs a password", Answer(status=401), "answered with HTTP status 401"),
    ("is down", Answer(status=500), "answered with HTTP status 500"),
    ("is empty", Answer(status=204), "answered with HTTP status 204"),
    ("did not change though nobody asked", Answer(status=304), "answered with HTTP status 304"),
    ("is a part", Answer(SOUND, status=206), "answered with HTTP status 206"),
    ("goes round", Answer(status=302, headers={"Location": "/a.wav"}), "redirected more than 5 "),
    ("goes nowhere", Answer(status=302), "answered with HTTP status 302"),
    ("goes to FTP", Answer(status=302, headers={"Location": "ftp://x/"}), "is no URL"),
    ("goes mad", Answer(status=302, headers={"Location": "http://[::1]@/"}), "is no URL"),
    ("has no content", Answer(b""), "is no wav file"),
    ("is a web page", Answer(b"<html>log in first</html>"), "is no wav file"),
    ("is a large web page", Answer(b"<html>" * 100_000), "is no wav file"),
    ("is another RIFF", Answer(b"RIFF\0\0\0\0AVI "), "is no wav file"),
    ("is too large", Answer(SOUND + bytes(MAX_FILE_BYTES)), "is larger than 5 MB"),
    ("promises too much", Stalls(OK + b"Content-Length: 9999999\r\n\r\n"), "is larger than 5 MB"),
    ("never ends", Endless(OK + b"\r\nRIFF\0\0\0\0WAVE", bytes(9999)), "is larger than 5 MB"),
    ("is a bomb", sound({"Content-Encoding": "gzip"}, BOMB), "is larger than 5 MB"),
    ("closes without a word", Closes(), "closed the connection without an answer"),
    ("is cut", Closes(OK + b"Content-Length: 2000\r\n\r\n" + SOUND), "the answer broke off"),
    ("talks garbage", Closes(b"SSH-2.0\r\n"), "what it answered is not HTTP"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("reaction", "reason"),
    [row[1:] for row in BAD],
    ids=[row[0].replace(" ", "_") for row in BAD],
)
def test_what_is_no_file_leaves_nothing_behind(site: Site, reaction: Reaction, reason: str) -> None:
    with PageServer() as server:
        server.page("/a.wav", reaction)
        with pytest.raises(DownloadFault, match=reason) as caught:
            site.get(server.url("/a.wav").replace("//", "//me:secret@"))

    assert "secret" not in str(caught.value)
    assert site.files() == []


@pytest.mark.parametrize("reaction", [NeverAnswers(), Stalls(OK + b"\r\n" + SOUND)])
def test_a_slow_file_is_given_up_and_leaves_nothing_behind(site: Site, reaction: Reaction) -> None:
    with PageServer() as server:
        server.page("/a.wav", reaction)
        with pytest.raises(DownloadFault, match=r"/a\.wav did not answer within 0\.3 s$"):
            site.get(server.url("/a.wav"), total=0.3)

    assert site.files() == []


def test_the_largest_file_is_had_and_a_byte_more_is_not(site: Site) -> None:
    with PageServer() as server:
        largest = SOUND + bytes(MAX_FILE_BYTES - len(SOUND))
        server.page("/a.wav", Answer(largest), Answer(largest + b"x"))
        assert site.get(server.url("/a.wav")) == largest
        with pytest.raises(DownloadFault, match=r"/a\.wav is larger than 5 MB$"):
            site.get(server.url("/a.wav"))


def test_a_server_that_compresses_though_asked_not_to_is_understood(site: Site) -> None:
    with PageServer() as server:
        server.page("/a.wav", sound({"Content-Encoding": "gzip"}, gzip.compress(SOUND)))
        assert site.get(server.url("/a.wav")) == SOUND


@pytest.mark.parametrize(("control", "requests"), [("max-age=60", 1), ("", 1), ("no-store", 10)])
def test_many_who_want_a_file_at_once_share_one_download(
    site: Site, control: str, requests: int
) -> None:
    everybody_wants_it = threading.Event()

    def answer(_: Asked) -> Answer:
        assert everybody_wants_it.wait(10)
        return sound({"Cache-Control": control})

    async def story(downloads: Downloads) -> list[str]:
        wanted = [
            asyncio.ensure_future(downloads.wav(ANN, server.url("/a.wav"), credentials=IVR))
            for _ in range(10)
        ]
        # One turn of the event loop, in which each of them begins.
        await asyncio.sleep(0)
        everybody_wants_it.set()
        return await asyncio.gather(*wanted)

    with PageServer() as server:
        server.page("/a.wav", answer)
        paths = site.run(story)

    assert len(server.asked) == requests
    assert len(set(paths)) == requests


def test_a_failure_is_shared_and_not_remembered(site: Site) -> None:
    async def story(downloads: Downloads) -> None:
        url = server.url("/a.wav")
        wanted = [downloads.wav(ANN, url, credentials=None) for _ in range(5)]
        faults = await asyncio.gather(*wanted, return_exceptions=True)
        assert all(isinstance(fault, DownloadFault) for fault in faults)
        assert await downloads.wav(ANN, url, credentials=None)

    with PageServer() as server:
        server.page("/a.wav", Answer(status=500), Answer(SOUND))
        site.run(story)

    assert len(server.asked) == 2


def test_who_stops_waiting_does_not_end_it_for_the_others(site: Site) -> None:
    may_answer = threading.Event()

    def answer(_: Asked) -> Answer:
        assert may_answer.wait(10)
        return Answer(SOUND)

    async def story(downloads: Downloads) -> str:
        url = server.url("/a.wav")
        first = asyncio.ensure_future(downloads.wav(ANN, url, credentials=None))
        second = asyncio.ensure_future(downloads.wav(ANN, url, credentials=None))
        await asyncio.to_thread(server.wait_for, "/a.wav")
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert first.cancelled()
        may_answer.set()
        return await second

    with PageServer() as server:
        server.page("/a.wav", answer)
        assert Path(site.run(story)).read_bytes() == SOUND

    assert len(server.asked) == 1


def test_a_stop_ends_downloads_and_leaves_nothing_behind(site: Site) -> None:
    async def story(downloads: Downloads) -> None:
        wanted = asyncio.ensure_future(downloads.wav(ANN, server.url("/a.wav"), credentials=None))
        await asyncio.to_thread(server.wait_for, "/a.wav")
        assert isinstance(downloads, HttpDownloads)
        await downloads.close()
        await asyncio.gather(wanted, return_exceptions=True)
        assert wanted.cancelled()

    with PageServer() as server:
        server.page("/a.wav", Stalls(OK + b"Content-Length: 2000\r\n\r\n" + SOUND))
        site.run(story)

    assert ".wav" not in site.files()


@pytest.mark.parametrize(
    "url",
    ["nonsense", "ftp://x/a.wav", "http://[::1/a.wav", "http://[::1]@/a.wav", "http://a\udcff/"],
)
def test_what_is_no_url_is_no_file(site: Site, url: str) -> None:
    with pytest.raises(DownloadFault, match=r"is no URL that can be asked$"):
        site.get(url)
