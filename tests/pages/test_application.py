"""Pages found, guarded and answered, below every server and framework that binds them."""

import asyncio
import base64
import io
import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote
from wsgiref.util import setup_testing_defaults

import django  # type: ignore[import-untyped] # it has no types
import flask
import pytest
from django.conf import settings  # type: ignore[import-untyped] # as above
from django.test import RequestFactory  # type: ignore[import-untyped] # as above
from django.urls import include, path, resolve  # type: ignore[import-untyped] # as above
from starlette.applications import Starlette

from callwright.pages import (
    Action,
    Application,
    HangUp,
    InstanceInfo,
    Link,
    Play,
    Redirect,
    Response,
    Returned,
)
from callwright.pages.asgi import AsgiApp, asgi_app
from callwright.pages.django import urls
from callwright.pages.flask import blueprint
from callwright.pages.starlette import mount
from callwright.pages.wsgi import WsgiApp, server, wsgi_app

TOLD: Final = json.dumps(
    {
        "application_instance_id": "a.1",
        "token": "basket",
        "this_call": {"call_id": "a.2", "call_state": "answered"},
    }
).encode()
BASIC: Final = "Basic " + base64.b64encode(b"ann:gehe im").decode()

app: Final = Application(username="ann", password="gehe im", max_body_bytes=1000)


@app.first_page("/menu/first")
def first(_info: InstanceInfo) -> list[Action]:
    return [Play("Hello."), Redirect(second)]


@app.page("/second", method="GET")
async def second(_info: InstanceInfo) -> Returned:
    return HangUp()


@app.page("/menu/third")
def third(_info: InstanceInfo) -> None:
    """Says nothing."""


@app.page("/expects")
def expects(info: InstanceInfo) -> Action:
    return Play(info.entered_number)


@app.notification("/told")
def told(_info: InstanceInfo) -> None:
    """Is told."""


Got = tuple[int, dict[str, str], bytes]
Ask = Callable[[str, str, bytes, str], Got]
"""Method, path and query, body, authorization to status, headers in lower case, body."""


def _through_wsgi(wsgi: WsgiApp, at: str) -> Ask:
    def ask(method: str, url: str, body: bytes, authorization: str) -> Got:
        where, _, query = url.partition("?")
        environ: dict[str, Any] = {}  # as PEP 3333 has it
        setup_testing_defaults(environ)
        environ |= {"REQUEST_METHOD": method, "PATH_INFO": at + where, "QUERY_STRING": query}
        environ |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
        environ |= {"HTTP_AUTHORIZATION": authorization} if authorization else {}
        got: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> None:
            got.append((status, headers))

        answer = b"".join(wsgi(environ, start_response))
        return int(got[0][0][:3]), {k.lower(): v for k, v in got[0][1]}, answer

    return ask


def _through_asgi(asgi: AsgiApp, at: str) -> Ask:
    def ask(method: str, url: str, body: bytes, authorization: str) -> Got:
        where, _, query = url.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": at + where,
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(b"authorization", authorization.encode())],
        }
        parts = [{"type": "http.request", "body": body[:7], "more_body": True}]
        parts.append({"type": "http.request", "body": body[7:]})
        sent: list[Any] = []  # messages of ASGI

        async def receive() -> dict[str, Any]:
            return parts.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(asgi(scope, receive, send))  # type: ignore[arg-type] # asyncio wants a coroutine, ASGI apps are some
        headers = {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}
        return sent[0]["status"], headers, b"".join(part.get("body", b"") for part in sent[1:])

    return ask


def _flask() -> Any:  # a WSGI app whose types are stricter than PEP 3333
    site = flask.Flask("site")
    site.register_blueprint(blueprint(app), url_prefix="/ivr")
    return site


def _through_django(method: str, url: str, body: bytes, authorization: str) -> Got:
    if not settings.configured:
        settings.configure(ALLOWED_HOSTS=["testserver"])
        django.setup()
    patterns = type("urlconf", (), {"urlpatterns": [path("ivr/", include(urls(app)))]})
    request = RequestFactory().generic(
        method, f"/ivr{url}", body, "application/json", HTTP_AUTHORIZATION=authorization
    )
    found = resolve(f"/ivr{url}".partition("?")[0], patterns)
    response = found.func(request, *found.args, **found.kwargs)
    headers = {k.lower(): v for k, v in response.headers.items()}
    return response.status_code, headers, response.content


SERVERS: Final[dict[str, Ask]] = {
    "wsgi": _through_wsgi(wsgi_app(app), ""),
    "asgi": _through_asgi(asgi_app(app), ""),
    "flask": _through_wsgi(_flask(), "/ivr"),
    "starlette": _through_asgi(Starlette(routes=[mount(app, "/ivr")]), "/ivr"),
    "django": _through_django,
}


@pytest.mark.parametrize("ask", SERVERS.values(), ids=SERVERS)
class TestEveryServer:
    def test_a_page_answers_with_links_that_hold_wherever_it_is_mounted(self, ask: Ask) -> None:
        status, headers, body = ask("POST", "/menu/first", TOLD, BASIC)
        assert (status, headers["content-type"]) == (200, "application/json; charset=utf-8")
        assert json.loads(body) == {
            "api_version": "2.0",
            "token": "basket",
            "actions": [
                {"play": {"play_list": [{"text_to_say": "Hello."}]}},
                {"redirect": {"next_page": {"url": "../second", "method": "GET"}}},
            ],
        }

    def test_a_get_and_an_async_page_are_answered(self, ask: Ask) -> None:
        status, _, body = ask("GET", f"/second?x=1&instance_info={quote(TOLD)}", b"", BASIC)
        assert (status, json.loads(body)["actions"]) == (200, [{"hang_up": {}}])

    def test_none_is_an_empty_list(self, ask: Ask) -> None:
        status, _, body = ask("POST", "/menu/third", TOLD, BASIC)
        assert (status, json.loads(body)["actions"]) == (200, [])

    def test_a_notification_is_answered_with_nothing(self, ask: Ask) -> None:
        assert ask("POST", "/told", TOLD, BASIC)[::2] == (204, b"")

    @pytest.mark.parametrize(
        "authorization", ["", "Basic", BASIC[:-3], BASIC + "A", BASIC.replace("Basic", "Bearer")]
    )
    def test_who_has_no_password_is_not_let_in(self, ask: Ask, authorization: str) -> None:
        status, headers, _ = ask("POST", "/told", TOLD, authorization)
        assert status == 401
        assert headers["www-authenticate"] == 'Basic realm="pages", charset="UTF-8"'

    @pytest.mark.parametrize(
        ("page", "body", "status", "text"),
        [
            ("/told", b"{}", 400, b"application_instance_id is missing: a string expected\n"),
            ("/told", b"no", 400, b"the body is no JSON document\n"),
            ("/expects", TOLD, 400, b"action_result is a NoneType: a GetNumberResult expected\n"),
            ("/told", b" " * 1001, 413, None),
        ],
    )
    def test_what_is_wrong_is_said(
        self, ask: Ask, page: str, body: bytes, status: int, text: bytes | None
    ) -> None:
        got = ask("POST", page, body, BASIC)
        assert got[0] == status
        assert text is None or got[2] == text


def test_no_password_lets_everybody_in_and_half_of_one_is_a_mistake() -> None:
    open_app = Application()
    open_app.notification("/told")(lambda _: None)
    assert _through_wsgi(wsgi_app(open_app), "")("POST", "/told", TOLD, "")[0] == 204
    with pytest.raises(ValueError, match="go together"):
        Application(username="ann")


def test_a_page_that_is_told_of_a_notification_gives_no_answer() -> None:
    body = json.dumps({"application_instance_id": "a.1", "is_notification": True}).encode()
    assert SERVERS["wsgi"]("POST", "/menu/third", body, BASIC)[::2] == (204, b"")


@pytest.mark.parametrize("name", sorted(SERVERS.keys() - {"django"}))
def test_a_page_that_is_none_is_not_found(name: str) -> None:
    assert SERVERS[name]("POST", "/nowhere", TOLD, BASIC)[0] == 404


def test_other_methods_are_refused() -> None:
    status, headers, _ = SERVERS["wsgi"]("PUT", "/told", TOLD, BASIC)
    assert (status, headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: app.page("first"), "path is 'first'"),
        (lambda: app.page("/a/../b"), "path is"),
        (lambda: app.page("/told"), "is a page already"),
        (lambda: app.page("/new", method="PUT"), "method is 'PUT'"),
        (lambda: app.first_page("/"), "path is '/'"),
    ],
)
def test_a_path_that_cannot_be_is_refused(make: Callable[[], Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        make()(lambda _: None)


def test_the_token_is_kept_by_a_list_and_set_by_a_response() -> None:
    info = InstanceInfo.parse(TOLD)
    made = Application()
    listed = made.page("/listed")(lambda _: [HangUp()])
    cleared = made.page("/cleared")(lambda _: Response(HangUp()))
    assert made.respond(listed, info).token == "basket"
    assert made.respond(cleared, info).token is None


def test_what_is_no_action_is_told() -> None:
    with pytest.raises(TypeError, match="'hello' is no action"):
        Response(["hello"])  # type: ignore[list-item] # the mistake
    with pytest.raises(ValueError, match="token has 5001 characters"):
        Response([], token="x" * 5001)


def test_links_are_checked() -> None:
    for url, method in (("", "POST"), ("a b", "POST"), ("a", "PUT")):
        with pytest.raises(ValueError, match="expected"):
            Link(url, method)


def test_the_small_server_answers_over_the_loopback() -> None:
    small = Application()
    small.first_page("/first")(lambda _: HangUp())
    with server(small, 0) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{serving.server_port}/first"
            with urllib.request.urlopen(url, TOLD) as response:
                assert json.loads(response.read())["actions"] == [{"hang_up": {}}]
        finally:
            serving.shutdown()
            thread.join()


@pytest.mark.parametrize("framework", ["flask", "django", "starlette"])
def test_a_missing_framework_is_named(framework: str) -> None:
    code = f"import sys; sys.modules[{framework!r}] = None; import callwright.pages.{framework}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert f"ImportError: callwright.pages.{framework} needs {framework.title()}" in ran.stderr
