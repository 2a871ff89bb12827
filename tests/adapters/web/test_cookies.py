"""What web applications may have us remember for one instance, and no more than that."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from callwright.adapters.web.cookies import MAX_COOKIE_BYTES, MAX_COOKIES, InstanceCookies

APP = URL("http://app.example.com/ivr/first")


def with_jar(story: Callable[[InstanceCookies], None]) -> None:
    """Run a story with an empty jar; aiohttp makes none outside an event loop."""

    async def whole() -> None:
        story(InstanceCookies())

    asyncio.run(whole())


def sent(jar: InstanceCookies, url: URL = APP) -> list[str]:
    """Say which cookies a request to this URL has."""
    return [f"{name}={cookie.value}" for name, cookie in jar.filter_cookies(url).items()]


def test_the_oldest_is_forgotten() -> None:
    def story(jar: InstanceCookies) -> None:
        for n in range(MAX_COOKIES + 3):
            jar.update_cookies_from_headers([f"c{n}={n}"], APP)
        assert sent(jar) == [f"c{n}={n}" for n in range(3, MAX_COOKIES + 3)]

    with_jar(story)


def test_a_new_value_leaves_a_cookie_as_old_as_it_was() -> None:
    def story(jar: InstanceCookies) -> None:
        for n in range(MAX_COOKIES):
            jar.update_cookies_from_headers([f"c{n}={n}"], APP)
        jar.update_cookies_from_headers(["c1=new"], APP)
        assert sent(jar)[:2] == ["c0=0", "c1=new"]
        jar.update_cookies_from_headers(["x=1", "y=2"], APP)
        assert sent(jar)[0] == "c2=2"
        assert len(jar) == MAX_COOKIES

    with_jar(story)


def test_many_domains_share_the_bound() -> None:
    def story(jar: InstanceCookies) -> None:
        for n in range(3 * MAX_COOKIES):
            jar.update_cookies_from_headers(["session=1"], URL(f"http://h{n}.example.com/"))
        assert len(jar) == MAX_COOKIES
        assert sent(jar, URL("http://h0.example.com/")) == []
        assert sent(jar, URL(f"http://h{3 * MAX_COOKIES - 1}.example.com/")) == ["session=1"]

    with_jar(story)


def test_what_was_deleted_makes_room() -> None:
    def story(jar: InstanceCookies) -> None:
        for n in range(MAX_COOKIES):
            jar.update_cookies_from_headers([f"c{n}={n}"], APP)
        jar.update_cookies_from_headers(["c5=; Max-Age=0"], APP)
        jar.update_cookies_from_headers(["new=1"], APP)
        assert sent(jar)[0] == "c0=0"
        assert len(jar) == MAX_COOKIES

    with_jar(story)


LENGTHS = [
    ("the longest value", "c=" + "x" * (MAX_COOKIE_BYTES - 2), True),
    ("a byte more", "c=" + "x" * (MAX_COOKIE_BYTES - 1), False),
    ("attributes count", "c=1; Path=/" + "x" * MAX_COOKIE_BYTES, False),
]


@pytest.mark.parametrize(("_what", "header", "is_kept"), LENGTHS)
def test_a_cookie_has_a_longest_length(_what: str, header: str, *, is_kept: bool) -> None:
    def story(jar: InstanceCookies) -> None:
        jar.update_cookies_from_headers(["a=1", header, "b=2"], APP)
        assert [cookie.key for cookie in jar] == ["a", *(["c"] if is_kept else []), "b"]

    with_jar(story)


@given(st.lists(st.text(st.sampled_from('ab=;, "\\\t\x00é\udc80') | st.characters()), max_size=80))
@settings(max_examples=50, deadline=None)
def test_any_header_is_kept_or_not_and_breaks_nothing(headers: list[str]) -> None:
    def story(jar: InstanceCookies) -> None:
        jar.update_cookies_from_headers(headers, APP)
        assert len(jar) <= MAX_COOKIES
        sent(jar)

    with_jar(story)
