"""Pages that are down, slow, not JSON or name what nobody knows: told, logged, recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.sim.installation import AccountClient, Installation
from tests.sim.page_server import (
    Answer,
    Closes,
    Endless,
    NeverAnswers,
    PageServer,
    Reaction,
    Stalls,
    actions,
)

pytestmark = pytest.mark.journey

CALL = {"to": "443069990102", "from": "441908273801"}


@dataclass(frozen=True, slots=True)
class Site:
    """An installation that is used by all these journeys, and the customer on it."""

    cloud: Installation
    account: AccountClient


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("site")
    settings = {"page_timeout": "1", "page_retry_pause": "0.05"}
    with Installation(data, settings=settings) as cloud:
        yield Site(cloud, cloud.create_account("bob@example.com"))


def page(address: str) -> dict[str, str]:
    return {"address": address}


def run(site: Site, pages: PageServer, first: Reaction | None) -> dict[str, Any]:
    """Place one call whose first page does this, and return its record."""
    if first is not None:
        pages.page("/first", first)
    pages.page("/error", actions())
    pages.page("/final", actions())
    site.account.write_service(
        "bad",
        first_page=pages.url("/first"),
        error_page=page(pages.url("/error")),
        final_page=page(pages.url("/final")),
    )
    [ref] = site.account.start("bad", CALL)
    site.account.follow(ref)
    return site.account.record_of(ref)


OK = b"HTTP/1.1 200 OK\r\n"


def moved(url: str) -> Answer:
    return Answer(status=302, headers={"Location": url})


BAD = [
    ("closes without a word", Closes(), "page_request_failed", "2101", -1),
    ("talks garbage", Closes(b"SSH-2.0\r\n"), "page_request_failed", "2101", -1),
    ("is cut", Closes(OK + b"Content-Length: 99\r\n\r\n{"), "page_request_failed", "2101", -1),
    ("stalls in its headers", Stalls(OK + b"Conte"), "page_request_failed", "2101", -1),
    ("stalls in its body", Stalls(OK + b"\r\n{"), "page_request_failed", "2101", -1),
    ("redirects to itself", moved("/first"), "page_request_failed", "2101", -1),
    ("redirects into our network", moved("http://10.0.0.1/"), "page_request_failed", "2101", -1),
    ("redirects to another scheme", moved("ftp://x.example/"), "page_request_failed", "2101", -1),
    ("never ends", Endless(OK + b"\r\n", b"[" * 1000), "invalid_response", "2102", -2),
    ("is huge", Answer(b"[" * (3 << 20)), "invalid_response", "2102", -2),
    ("is a picture", Answer(b"\x89PNG\r\n\x1a\n"), "invalid_response", "2102", -2),
    ("never answers", NeverAnswers(), "page_request_failed", "2101", -1),
    ("answers 500", Answer(b"oops", status=500), "page_request_failed", "2101", -1),
    ("is not there", None, "page_request_failed", "2101", -1),
    ("is not JSON", Answer(b"<html>"), "invalid_response", "2102", -2),
    ("is no object", Answer(b"[1]"), "invalid_response", "2102", -2),
    ("has no actions", Answer(b'{"api_version": "2.0"}'), "invalid_response", "2102", -2),
    ("names what nobody knows", actions({"dance": {}}), "unknown_action", "2102", -2),
    ("is of another version", Answer(b'{"api_version": "1.0", "actions": []}'),
     "api_version_mismatch", "2103", -2),
    ("plays what is not there", actions({"play": {"play_list": [{"file_to_play": "no.wav"}]}}),
     "media_not_found", "2104", -2),
]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "code", "error_code", "exit_status"),
    [row[1:] for row in BAD],
    ids=[row[0].replace(" ", "_") for row in BAD],
)
def test_error_page_then_final_page_and_a_record(
    site: Site, first: Reaction | None, code: str, error_code: str, exit_status: int
) -> None:
    with PageServer() as pages:
        record = run(site, pages, first)
        error = pages.wait_for("/error").info["error_result"]
        final = pages.wait_for("/final").info["this_call"]
        assert pages.paths()[-2:] == ["/error", "/final"]
    assert error["code"] == code
    assert error["result"]
    assert (final["call_state"], final["call_cause"]) == ("idle", "failed")
    [report] = record["errs"].values()
    assert report["error_code"] == error_code
    assert record["adr"]["exit_status"] == exit_status
    log = site.cloud.data / "rest-logs" / "1" / record["adr"]["rest_log_filename"]
    assert " ERROR " in log.read_text("utf-8")


NOT_ASKED = [
    ("http://10.0.0.1/first", "its host has a private address (RFC 1918)"),
    ("http://169.254.169.254/latest/meta-data", "its host has a link-local address"),
    ("http://[::1]:9/first", "its host has a loopback address"),
    ("http://[::ffff:10.0.0.1]/first", "its host has a private address (RFC 1918)"),
    ("http://2130706433/first", "is no URL that can be asked"),
]


@pytest.mark.parametrize(("url", "reason"), NOT_ASKED)
def test_a_page_in_the_operators_network_is_not_asked(site: Site, url: str, reason: str) -> None:
    with PageServer() as pages:
        pages.page("/error", actions())
        site.account.write_service("inside", first_page=url, error_page=page(pages.url("/error")))
        [ref] = site.account.start("inside", CALL)
        site.account.follow(ref)
        error = pages.wait_for("/error").info["error_result"]
    assert error["code"] == "page_request_failed"
    assert url in error["result"]
    assert reason in error["result"]


def test_a_final_page_that_is_down_costs_a_log_line(site: Site) -> None:
    with PageServer() as pages:
        pages.page("/first", actions())
        gone = pages.url("/gone")
        site.account.write_service("gone", first_page=pages.url("/first"), final_page=page(gone))
        [ref] = site.account.start("gone", CALL)
        site.account.follow(ref)
    assert site.account.status(ref)[ref]["status"] == "completed 0"
