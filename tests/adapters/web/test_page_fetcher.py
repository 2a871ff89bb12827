"""Pages over real HTTP on loopback: what is sent, and how redirects and cookies are treated."""

import json

import pytest

from callwright import __version__
from callwright.adapters.web.cookies import MAX_COOKIES
from callwright.adapters.web.page_fetcher import PageFetchers
from callwright.domain.outbound_service import PageAddress
from callwright.protocol.pages.json_text import MAX_ANSWER_BYTES
from callwright.runner.ports import PageUnreachable
from tests.adapters.web.fetching import BODY, IVR, fetch, fetch_all, with_fetchers
from tests.sim.page_server import Answer, PageServer


def test_a_post_carries_the_document() -> None:
    with PageServer() as server:
        server.page("/first", Answer(b"{}"))
        response = fetch(PageAddress(server.url("/first?a=1")))

    [asked] = server.asked
    assert (asked.method, asked.body, dict(asked.query)) == ("POST", BODY, {"a": "1"})
    assert asked.headers["Content-Type"] == "application/json; charset=utf-8"
    assert asked.headers["Accept"] == "application/json"
    assert asked.headers["User-Agent"] == f"Callwright/{__version__}"
    assert "Authorization" not in asked.headers
    assert (response.http_status, response.body) == (200, b"{}")
    assert response.url == server.url("/first?a=1")
    assert response.seconds > 0


def test_a_get_carries_it_in_the_query() -> None:
    with PageServer() as server:
        server.page("/first", Answer())
        fetch(PageAddress(server.url("/first?a=%2B1"), "GET"))

    [asked] = server.asked
    assert (asked.method, asked.body) == ("GET", b"")
    assert dict(asked.query) == {"a": "+1", "instance_info": BODY.decode()}
    assert "Content-Type" not in asked.headers


@pytest.mark.parametrize("status", [204, 400, 404, 500, 503, 304])
def test_any_status_is_an_answer(status: int) -> None:
    with PageServer() as server:
        server.page("/first", Answer(status=status))
        assert fetch(PageAddress(server.url("/first"))).http_status == status

    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
        (302, "GET", "GET"),
        (307, "GET", "GET"),
    ],
)
def test_redirects_follow_the_protocols_rules(status: int, method: str, then: str) -> None:
    with PageServer() as server:
        server.page("/first", Answer(status=status, headers={"Location": "moved?b=2"}))
        server.page("/moved", Answer(b"here"))
        response = fetch(PageAddress(server.url("/first?a=1"), method), IVR)

    moved = server.asked[-1]
    assert (moved.method, moved.path, moved.query["b"]) == (then, "/moved", "2")
    assert moved.info == json.loads(BODY)
    assert moved.login == ("ivr", "ö:pen")
    assert response.body == b"here"
    assert response.url.startswith(server.url("/moved?b=2"))


def test_five_redirects_are_followed_and_no_more() -> None:
    with PageServer() as server:
        for n in range(7):
            server.page(f"/{n}", Answer(status=307, headers={"Location": f"/{n + 1}"}))
        server.page("/7", Answer(b"end"))

        assert fetch(PageAddress(server.url("/2"))).body == b"end"
        with pytest.raises(PageUnreachable, match=r"/1 redirected more than 5 times$"):
            fetch(PageAddress(server.url("/1")))


NOWHERE = [
    "ftp://example.com/",
    "mailto:me@example.com",
    "http://",
    "http://[",
    "http://[::1]@/",
    "http://h:x/",
    "http://h:99999/",
    "http://\u2100.example/",
]


@pytest.mark.parametrize("location", NOWHERE)
def test_a_redirect_to_nowhere_is_no_response(location: str) -> None:
    with PageServer() as server:
        server.page("/first", Answer(status=302, headers={"Location": location}))
        with pytest.raises(PageUnreachable):
            fetch(PageAddress(server.url("/first")))


@pytest.mark.parametrize("size", [MAX_ANSWER_BYTES, MAX_ANSWER_BYTES + 1, 3 * MAX_ANSWER_BYTES])
def test_a_body_is_read_to_one_byte_above_the_limit(size: int) -> None:
    with PageServer() as server:
        server.page("/first", Answer(b"x" * size))
        response = fetch(PageAddress(server.url("/first")))

    assert len(response.body) == min(size, MAX_ANSWER_BYTES + 1)


def test_cookies_belong_to_one_instance() -> None:
    async def story(fetchers: PageFetchers) -> None:
        ann, bob = fetchers.new(), fetchers.new()
        for fetcher in (ann, ann, bob):
            await fetcher.fetch(PageAddress(server.url("/first")), body=BODY, credentials=None)
        await ann.close()
        await bob.close()

    with PageServer() as server:
        server.page("/first", Answer(headers={"Set-Cookie": "session=ann"}))
        with_fetchers(story)

    assert [asked.headers.get("Cookie") for asked in server.asked] == [None, "session=ann", None]


def test_so_many_cookies_are_kept_and_no_more() -> None:
    with PageServer() as server:
        for page in ("a", "b"):
            cookies = [("Set-Cookie", f"{page}{n}=1") for n in range(40)]
            server.page(f"/{page}", Answer(headers=cookies))
        server.page("/c", Answer())
        fetch_all([PageAddress(server.url(path)) for path in ("/a", "/b", "/c")])

    sent = server.asked[2].headers["Cookie"].split("; ")
    assert len(sent) == MAX_COOKIES
    assert {f"b{n}=1" for n in range(40)} < set(sent)


def test_cookies_go_where_they_came_from() -> None:
    with PageServer() as server:
        set_and_move = [("Set-Cookie", "session=ann; HttpOnly"), ("Location", "/next")]
        server.page("/first", Answer(status=302, headers=set_and_move))
        there = server.url("/there").replace("127.0.0.1", "localhost")
        server.page("/next", Answer(status=307, headers={"Location": there}))
        server.page("/there", Answer(headers={"Set-Cookie": "other=1"}))
        fetch_all([PageAddress(server.url(path)) for path in ("/first", "/first")])

    cookies = [(asked.path, asked.headers.get("Cookie")) for asked in server.asked]
    first_round = [("/first", None), ("/next", "session=ann"), ("/there", None)]
    assert cookies == [
        *first_round,
        ("/first", "session=ann"),
        ("/next", "session=ann"),
        ("/there", "other=1"),
    ]


def test_a_page_that_redirects_to_itself_is_asked_six_times() -> None:
    with PageServer() as server:
        server.page("/first", Answer(status=302, headers={"Location": "/first"}))
        with pytest.raises(PageUnreachable, match=r"/first redirected more than 5 times$"):
            fetch(PageAddress(server.url("/first")))

    assert [asked.method for asked in server.asked] == ["POST"] + 5 * ["GET"]
    assert all(asked.info == json.loads(BODY) for asked in server.asked)


@pytest.mark.parametrize(
    ("status", "headers"),
    [(302, {}), (307, {"Location": ""}), (300, {"Location": "/x"}), (304, {"Location": "/x"})]
    + [(status, {"Location": "/x"}) for status in (200, 201, 305, 306, 399, 404)]
    + [(201, {"Location": "http://[::1"}), (404, {"Location": "http://[::1]@/"})],
)
def test_what_is_no_redirect_is_the_answer(status: int, headers: dict[str, str]) -> None:
    with PageServer() as server:
        server.page("/first", Answer(status=status, headers=headers))
        assert fetch(PageAddress(server.url("/first"))).http_status == status

    assert server.paths() == ["/first"]
