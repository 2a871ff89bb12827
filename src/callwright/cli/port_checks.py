"""Checks of the network: is a port free, or who answers on it; do datagrams come through."""

import http.client
import json
import socket
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from callwright.cli.findings import Finding, Verdict

ANSWER_WITHIN: Final = 1.0
"""Seconds for whoever holds a port to say who it is; on this machine it takes milliseconds."""

RTP_SAMPLE: Final = 64
"""Ports tried of a range: enough to see another program that holds a part of it."""

DATAGRAMS: Final = 50

SLOW_LOOPBACK: Final = 0.005
"""Seconds there and back. A packet of sound leaves every 20 ms."""

_EPHEMERAL: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")

_OPTIONS: Final = (
    "OPTIONS sip:{host}:{port} SIP/2.0\r\n"
    "Via: SIP/2.0/UDP {own_host}:{own_port};branch=z9hG4bKdoctor;rport\r\n"
    "Max-Forwards: 70\r\nFrom: <sip:doctor@{own_host}>;tag=doctor\r\n"
    "To: <sip:{host}:{port}>\r\nCall-ID: doctor-{own_port}@{own_host}\r\n"
    "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
)
"""Asks a SIP program what it is without starting anything (RFC 3261 11)."""


def check_http_port(host: str, port: int) -> Finding:
    """Is the port of the web services free, or is our own server on it?"""
    problem = _bind(host, port, socket.SOCK_STREAM)
    if problem is None:
        return Finding("HTTP port", f"{host}:{port} is free")
    version = _callwright_at(host, port)
    if version is not None:
        return Finding("HTTP port", f"Callwright {version} answers on {host}:{port}")
    return Finding(
        "HTTP port",
        f"{host}:{port} cannot be taken: {problem}",
        Verdict.WRONG,
        "choose another one: callwright serve --http HOST:PORT",
    )


def check_sip_port(host: str, port: int) -> Finding:
    """Is the port of SIP over UDP free, or who is on it?"""
    problem = _bind(host, port, socket.SOCK_DGRAM)
    if problem is None:
        return Finding("SIP port", f"{host}:{port} over UDP is free")
    program = _sip_program_at(host, port)
    if program.startswith("Callwright"):
        return Finding("SIP port", f"{program} answers on {host}:{port}")
    found = f"{program} answers there" if program else problem
    return Finding(
        "SIP port",
        f"{host}:{port} cannot be taken: {found}",
        Verdict.WRONG,
        "choose another one: callwright serve --sip HOST:PORT",
    )


def check_rtp_ports(host: str, ports: range) -> Finding:
    """Is the range for sound free, and out of the way of other programs?"""
    sample = ports[:: max(1, len(ports) // RTP_SAMPLE)]
    taken = [port for port in sample if _bind(host, port, socket.SOCK_DGRAM) is not None]
    found = f"{ports[0]}-{ports[-1]}: {len(sample) - len(taken)} of {len(sample)} tried are free"
    if taken:
        return Finding(
            "RTP ports",
            found,
            Verdict.DOUBTFUL,
            f"taken: {', '.join(map(str, taken[:5]))}; these are skipped, calls are placed",
        )
    ephemeral = _ephemeral_ports()
    if ephemeral is not None and ephemeral[0] < ports[-1] and ports[0] < ephemeral[1]:
        return Finding(
            "RTP ports",
            found,
            Verdict.DOUBTFUL,
            f"the system hands {ephemeral[0]}-{ephemeral[1]} to other programs: "
            f"sysctl net.ipv4.ip_local_port_range='{ports[-1] + 1} 60999'",
        )
    return Finding("RTP ports", found)


def check_loopback() -> Finding:
    """Do datagrams come through on this machine, and at once?"""
    with (
        closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as near,
        closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as far,
    ):
        for end in (near, far):
            end.bind(("127.0.0.1", 0))
            end.settimeout(ANSWER_WITHIN)
        try:
            longest = max(_there_and_back(near, far) for _ in range(DATAGRAMS))
        except OSError as problem:
            return Finding(
                "loopback",
                f"datagrams on 127.0.0.1 do not arrive: {problem}",
                Verdict.WRONG,
                "look at the firewall's rules for the interface lo: nft list ruleset",
            )
    found = f"{DATAGRAMS} datagrams there and back, the slowest in {longest * 1000:.2f} ms"
    if longest > SLOW_LOOPBACK:
        return Finding(
            "loopback", found, Verdict.DOUBTFUL, "the machine is busy; sound may stutter"
        )
    return Finding("loopback", found)


def _bind(host: str, port: int, kind: socket.SocketKind) -> str | None:
    """Take the port for a moment; return why it cannot be had."""
    try:
        family = socket.getaddrinfo(host, port, type=kind)[0][0]
        with closing(socket.socket(family, kind)) as one:
            if kind is socket.SOCK_STREAM:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((host, port))
    except OSError as problem:
        return problem.strerror or str(problem)
    return None


def _callwright_at(host: str, port: int) -> str | None:
    """Return the version of the server there, None if it is none of ours."""
    with closing(http.client.HTTPConnection(host, port, timeout=ANSWER_WITHIN)) as connection:
        try:
            connection.request("GET", "/openapi.json")
            document = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            return None
    match document:
        case {"info": {"title": str(title), "version": str(version)}} if "Callwright" in title:
            return version
        case _:
            return None


def _sip_program_at(host: str, port: int) -> str:
    """Return what a SIP program calls itself; empty if nobody answers."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0][0]
        with closing(socket.socket(family, socket.SOCK_DGRAM)) as own:
            own.settimeout(ANSWER_WITHIN)
            own.connect((host, port))
            own_host, own_port = own.getsockname()[:2]
            question = _OPTIONS.format(host=host, port=port, own_host=own_host, own_port=own_port)
            own.send(question.encode())
            answer = own.recv(65535).decode("utf-8", "replace")
    except OSError:
        return ""
    for line in answer.splitlines():
        name, _, value = line.partition(":")
        if name.lower() in {"server", "user-agent"}:
            return value.strip()
    return "a SIP program without a name"


def _ephemeral_ports() -> tuple[int, int] | None:
    try:
        first, last = _EPHEMERAL.read_text().split()
    except (OSError, ValueError):
        return None
    return int(first), int(last)


def _there_and_back(near: socket.socket, far: socket.socket) -> float:
    before = time.perf_counter()
    near.sendto(b"there", far.getsockname())
    _, sender = far.recvfrom(16)
    far.sendto(b"back", sender)
    near.recv(16)
    return time.perf_counter() - before
