"""`callwright doctor`: is this machine fit to place calls, and if not, what to do."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from callwright.cli import checks, port_checks
from callwright.cli.account import data_option, json_option
from callwright.cli.findings import Finding, Verdict, described, render

DEFAULT_RTP: Final = "16384-32767"
MAX_PORT: Final = 65535


class HostPort(click.ParamType[tuple[str, int]]):
    """HOST:PORT."""

    name = "HOST:PORT"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """Split it."""
        host, _, port = str(value).rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) <= MAX_PORT:
            self.fail(f"{value!r}: HOST:PORT was expected, like 127.0.0.1:8080", param, ctx)
        return host.strip("[]"), int(port)


class PortRange(click.ParamType[range]):
    """FIRST-LAST."""

    name = "FIRST-LAST"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> range:
        """Split it."""
        first, _, last = str(value).partition("-")
        if not first.isdecimal() or not last.isdecimal() or not 0 < int(first) < int(last):
            self.fail(f"{value!r}: FIRST-LAST was expected, like {DEFAULT_RTP}", param, ctx)
        if int(last) > MAX_PORT:
            self.fail(f"{value!r}: there are no ports above {MAX_PORT}", param, ctx)
        return range(int(first), int(last) + 1)


@click.command(short_help="Check this machine; say what to do.")
@data_option
@click.option("--http", type=HostPort(), default="127.0.0.1:8080", show_default=True)
@click.option("--sip", type=HostPort(), default="127.0.0.1:5060", show_default=True)
@click.option("--rtp", type=PortRange(), default=DEFAULT_RTP, show_default=True)
@json_option
@click.pass_context
def doctor(
    ctx: click.Context,
    data: Path,
    http: tuple[str, int],
    sip: tuple[str, int],
    *,
    rtp: range,
    as_json: bool,
) -> None:
    """Check that this machine can place calls; say what is wrong and what to do.

    Give the same --data, --http and --sip as to callwright serve. Exits with 1 if something will
    not work.
    """
    findings: list[Finding] = []
    for finding in _findings(data, http, sip, rtp):
        findings.append(finding)
        if not as_json:
            click.echo(render(finding))
    if as_json:
        click.echo(json.dumps([described(finding) for finding in findings], indent=2))
    ctx.exit(int(any(finding.verdict is Verdict.WRONG for finding in findings)))


def _findings(
    data: Path, http: tuple[str, int], sip: tuple[str, int], rtp: range
) -> Iterator[Finding]:
    yield checks.check_python()
    yield checks.check_sqlite()
    yield checks.check_speech()
    yield from checks.check_speech_plug_ins()
    yield checks.check_folder(data)
    yield checks.check_disk(data)
    yield checks.check_open_files()
    yield port_checks.check_http_port(*http)
    yield port_checks.check_sip_port(*sip)
    yield port_checks.check_rtp_ports(sip[0], rtp)
    yield port_checks.check_loopback()
