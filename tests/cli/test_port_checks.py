"""Ports that are free, ports that somebody holds, and who that is."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from callwright.cli import port_checks
from callwright.cli.findings import Verdict

HOST = "127.0.0.1"


@contextmanager
def held(kind: socket.SocketKind) -> Iterator[socket.socket]:
    with closing(socket.socket(socket.AF_INET, kind)) as one:
        one.bind((HOST, 0))
        if kind is socket.SOCK_STREAM:
            one.listen()
        yield one


@contextmanager
def web_server(body: bytes) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    with HTTPServer((HOST, 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield server.server_port
        server.shutdown()
        serving.join()


@contextmanager
def sip_program(answer: bytes) -> Iterator[int]:
    with held(socket.SOCK_DGRAM) as one:

        def serve() -> None:
            question, sender = one.recvfrom(65535)
            assert question.startswith(b"OPTIONS sip:")
            one.sendto(answer, sender)

        serving = threading.Thread(target=serve)
        serving.start()
        yield one.getsockname()[1]
        serving.join()


def free_port(kind: socket.SocketKind) -> int:
    with held(kind) as one:
        port: int = one.getsockname()[1]
        return port


def test_free_ports_are_good() -> None:
    tcp, udp = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_DGRAM)

    assert port_checks.check_http_port(HOST, tcp).verdict is Verdict.GOOD
    assert port_checks.check_sip_port(HOST, udp).verdict is Verdict.GOOD


def test_our_own_server_on_the_port_is_good() -> None:
    document = {"info": {"title": "Callwright web services", "version": "0.1.0"}}
    with web_server(json.dumps(document).encode()) as port:
        finding = port_checks.check_http_port(HOST, port)

    assert (finding.verdict, "Callwright 0.1.0" in finding.found) == (Verdict.GOOD, True)


@pytest.mark.parametrize(
    "body", [b"<html>", b'{"info": {"title": "other", "version": "1"}}', b"[]"]
)
def test_another_web_server_on_the_port_is_wrong(body: bytes) -> None:
    with web_server(body) as port:
        assert port_checks.check_http_port(HOST, port).verdict is Verdict.WRONG


def test_another_sip_program_is_named() -> None:
    with sip_program(b"SIP/2.0 200 OK\r\nServer: Other PBX\r\n\r\n") as port:
        finding = port_checks.check_sip_port(HOST, port)

    assert (finding.verdict, "Other PBX" in finding.found) == (Verdict.WRONG, True)


def test_our_own_sip_is_good() -> None:
    with sip_program(b"SIP/2.0 200 OK\r\nServer: Callwright/0.1.0\r\n\r\n") as port:
        assert port_checks.check_sip_port(HOST, port).verdict is Verdict.GOOD


def test_a_mute_holder_of_the_sip_port_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port_checks, "ANSWER_WITHIN", 0.01)
    with held(socket.SOCK_DGRAM) as one:
        finding = port_checks.check_sip_port(HOST, one.getsockname()[1])

    assert (finding.verdict, "in use" in finding.found) == (Verdict.WRONG, True)


def test_taken_ports_of_sound_are_named() -> None:
    with held(socket.SOCK_DGRAM) as one:
        port = one.getsockname()[1]
        finding = port_checks.check_rtp_ports(HOST, range(port, port + 1))

    assert (finding.verdict, str(port) in finding.advice) == (Verdict.DOUBTFUL, True)


def test_datagrams_come_through() -> None:
    assert "datagrams" in port_checks.check_loopback().found
