"""An application as a WSGI app, and a small server for it: the standard library is enough."""

import argparse
from collections.abc import Callable, Iterable
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import Any, Final, TypeAlias
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from .application import Application, PageReply, PageRequest

StartResponse: TypeAlias = Callable[[str, list[tuple[str, str]]], Any]  # as PEP 3333 has it
WsgiApp: TypeAlias = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]  # the same

_SILENCE: Final = 30.0
"""Seconds that a connection may say nothing: as long as the platform waits for a page."""


def wsgi_app(application: Application) -> WsgiApp:
    """Make a WSGI app of an application, for any WSGI server or framework."""

    def app(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        reply = application.handle(page_request(environ, application))
        headers = list(reply.headers.items())
        if reply.status != HTTPStatus.NO_CONTENT:
            headers.append(("Content-Length", str(len(reply.body))))
        start_response(_status_line(reply), headers)
        return [reply.body]

    return app


def page_request(environ: dict[str, Any], application: Application) -> PageRequest:
    """Read a request; one byte too many is enough to see that a body is too large."""
    length = environ.get("CONTENT_LENGTH") or "0"
    size_bytes = int(length) if length.isascii() and length.isdigit() else 0
    body = environ["wsgi.input"].read(min(size_bytes, application.max_body_bytes + 1))
    return PageRequest(
        environ["REQUEST_METHOD"],
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
        body,
        environ.get("HTTP_AUTHORIZATION", ""),
    )


def run(application: Application, *, port: int = 8090) -> None:
    """Serve an application on this machine until interrupted; `--port` overrides the port.

    For examples and for trying out: a server for the world is gunicorn, uvicorn or its like.
    """
    arguments = argparse.ArgumentParser(description="Pages of a telephone application.")
    arguments.add_argument("--port", type=int, default=port, help="0 takes a free port")
    with server(application, arguments.parse_args().port) as serving:
        first = application.first.path if application.first else ""
        print(f"pages on http://127.0.0.1:{serving.server_port}{first}", flush=True)  # noqa: T201 - what the person at the terminal needs
        serving.serve_forever()


def server(application: Application, port: int) -> WSGIServer:
    """Make a server of threads on the loopback address."""
    app: Any = wsgi_app(application)  # wsgiref's own types are stricter than PEP 3333
    return make_server("127.0.0.1", port, app, _Server, _Handler)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Handler(WSGIRequestHandler):
    timeout = _SILENCE

    def address_string(self) -> str:
        """Name the caller by address: a look-up would keep the call waiting."""
        return str(self.client_address[0])

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Print which page was asked; a query may hold what is private."""
        print("page", self.path.partition("?")[0], getattr(code, "value", code), size, flush=True)  # noqa: T201 - as above


def _status_line(reply: PageReply) -> str:
    return f"{reply.status} {HTTPStatus(reply.status).phrase}"
