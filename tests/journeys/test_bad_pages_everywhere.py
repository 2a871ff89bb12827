"""Every way a page can fail, at every page that is not the first of a primary call."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sim.page_server import (
    Answer,
    Closes,
    Endless,
    NeverAnswers,
    Reaction,
    Stalls,
    actions,
)
from tests.sim.sipp import Sipp
from tests.sim.site import Site, open_site

pytestmark = pytest.mark.journey

OK = b"HTTP/1.1 200 OK\r\n"
SETTINGS = {"page_timeout": "1", "page_connect_timeout": "1", "page_retry_pause": "0.05"}

REQUEST, RESPONSE = "page_request_failed", "invalid_response"
WAYS: list[tuple[str, Reaction | str, str]] = [
    ("refused", "http://127.0.0.1:1/bad", REQUEST),
    ("no-such-name", "http://nobody.invalid/bad", REQUEST),
    ("never", NeverAnswers(), REQUEST),
    ("slow", Stalls(OK + b"Content-Length: 99\r\n\r\n{"), REQUEST),
    ("cut", Closes(OK + b"Content-Length: 99\r\n\r\n{"), REQUEST),
    ("500", Answer(b"oops", status=500), REQUEST),
    ("loop", Answer(status=302, headers={"Location": "bad"}), REQUEST),
    ("endless", Endless(OK + b"\r\n", b"[" * 1000), RESPONSE),
    ("huge", Answer(b"[" * (3 << 20)), RESPONSE),
    ("picture", Answer(b"\x89PNG\r\n\x1a\n"), RESPONSE),
]
"""What a page does, or where it is instead, and the code of the error."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with (
        open_site(folder, settings=SETTINGS) as opened,
        Sipp("answer", folder=tmp_path_factory.mktemp("phone")) as phone,
    ):
        opened.switch.phones["phone"] = phone.port
        yield opened
        # Notifications are tried again for half a minute, and a server that stops waits for them.
        opened.cloud.ask_to_stop()
        opened.events.wait_for_end()
        opened.cloud.ask_to_stop()


def place_all(site: Site, kind: str) -> dict[str, str]:
    """Place a call for each way at once; returns the code that each service is to see."""
    codes = {}
    for way, bad, code in WAYS:
        name = f"{kind}-{way}"
        url = bad if isinstance(bad, str) else site.page(name, "bad", bad)
        for other in ("error", "recorded", "on"):
            site.page(name, other, actions())
        site.page(name, "decline", actions({"hang_up": {}}))
        site.page(name, "dance", actions({"dance": {}}))
        pages, first = pages_of(kind, url, site.pages.url(f"/{name}/error"))
        site.calls(name, PHONE, first, options={"extra_channels": 1}, **pages)
        codes[name] = code
    return codes


def pages_of(kind: str, url: str, error_url: str) -> tuple[dict[str, Any], Answer]:
    """The service's pages and its first answer, where the page of this kind is the bad one."""
    bad = {"url": url}
    told = {"error_page": {"address": error_url}}
    match kind:
        case "first":
            return told | {"first_page": url}, actions()
        case "next":
            return told, actions({"redirect": {"next_page": bad}})
        case "error":
            return {"error_page": {"address": url}}, actions({"dance": {}})
        case "final":
            return told | {"final_page": {"address": url}}, actions()
        case "secondary":
            connect = {"destinations": [PHONE], "secondary_call": {"first_page": bad}}
            return told, actions({"connect": connect})
        case "secondary-final":
            return told, connecting(first_page="decline", final_page=bad)
        case "secondary-error":
            return told, connecting(first_page="dance", error_page=bad)
        case _:
            record = {
                "next_page": {"url": "recorded"},
                "milliseconds_max_initial_silence": 100,
                "recording_available_page": bad,
            }
            return told, actions({"record": record})


def connecting(**pages: object) -> Answer:
    """A list that goes on after a call that is not joined; these are that call's pages."""
    connect = {"destinations": [PHONE], "secondary_call": pages}
    return actions({"connect": connect}, {"redirect": {"next_page": "on"}})


PHONE = "sip:phone@example.com"


@pytest.mark.parametrize("kind", ["first", "next", "secondary"])
def test_the_error_page_is_told_and_the_call_ends(site: Site, kind: str) -> None:
    for name, code in place_all(site, kind).items():
        error = site.asked(name, "error")["error_result"]
        final = site.final(name)["this_call"]
        record = site.record(name)
        assert error["code"] == code, (name, error)
        assert error["result"], name
        assert (final["call_state"], final["call_cause"]) == ("idle", "failed"), name
        [report] = record["errs"].values()
        assert report["error_code"] == ("2101" if code == REQUEST else "2102"), name
        assert record["adr"]["exit_status"] == (-1 if code == REQUEST else -2), name
        causes = {cdr["hangup_cause"] for cdr in record["cdrs"].values()}
        assert causes == {"NORMAL(200)"}, name


def test_a_bad_error_page_stands_in_the_log(site: Site) -> None:
    for name, code in place_all(site, "error").items():
        final = site.final(name)["this_call"]
        record = site.record(name)
        assert (final["call_state"], final["call_cause"]) == ("idle", "failed"), name
        assert record["adr"]["exit_status"] == -2, name
        assert f" ERROR page error: {code}" in site.rest_log(name), site.rest_log(name)


def test_a_bad_final_page_stands_in_the_log(site: Site) -> None:
    for name, code in place_all(site, "final").items():
        record = site.record(name)
        assert record["adr"]["exit_status"] == 0, name
        assert code in site.rest_log(name), site.rest_log(name)
        assert f"/{name}/error" not in site.pages.paths()


@pytest.mark.parametrize(
    ("page", "exit_status", "reports"), [("final", 0, []), ("error", -2, ["2102"])]
)
def test_a_bad_page_at_the_end_of_a_secondary_call_leaves_the_primary_one_alone(
    site: Site, page: str, exit_status: int, reports: list[str]
) -> None:
    for name, code in place_all(site, f"secondary-{page}").items():
        assert site.asked(name, "on")["this_call"]["call_state"] == "answered", name
        record = site.record(name)
        assert record["adr"]["exit_status"] == exit_status, name
        # That it danced is told, that nobody could be told of it stands in the log.
        assert [one["error_code"] for one in record["errs"].values()] == reports, name
        log = site.rest_log(name)
        assert re.search(rf" ERROR page {page} of \S+: {code}", log), log
        assert f"/{name}/error" not in site.pages.paths()
        kinds = sorted(cdr["channel_type"] for cdr in record["cdrs"].values())
        assert kinds == ["p", "x"], name


def test_a_bad_notification_page_steers_nothing(site: Site) -> None:
    names = place_all(site, "notification")
    for name in names:
        assert site.asked(name, "recorded")["action_result"]["result"]["contains_sound"] is False
        assert site.final(name)["this_call"]["call_cause"] == "completed", name
        record = site.record(name)
        assert (record["adr"]["exit_status"], record["errs"]) == (0, {}), name
        assert f"/{name}/error" not in site.pages.paths()
