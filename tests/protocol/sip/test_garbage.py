"""Random bytes and broken vectors: each is a message or a RemoteSipError, never anything else."""

from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callwright.protocol.sip.endpoint import Datagram, Endpoint
from callwright.protocol.sip.errors import RemoteSipError
from callwright.protocol.sip.events import Invited
from callwright.protocol.sip.inspection import check_request, check_response, refusal
from callwright.protocol.sip.message import MAX_HEADER_FIELDS, Request, parse_message
from callwright.protocol.sip.values import HostPort
from tests.sim.wire import CALLEE_AT, new_endpoint

VECTORS: Final = [
    path.read_bytes()
    for path in sorted((Path(__file__).parents[2] / "vectors" / "rfc4475").glob("*.dat"))
]
STRANGER: Final = HostPort("198.51.100.7", 5099)
SPICE: Final = [b"\r\n", b"\n", b"\r", b"\0", b";", b",", b'"', b"<", b">", b"@", b":", b"%", b"\\",
                b"\xff", b" ", b"\r\n ", b"z9hG4bK", b"SIP/2.0", b"9" * 30, b"["]  # fmt: skip

bounded = settings(
    max_examples=300,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    """A vector with some of its octets cut out, doubled or replaced."""
    data = draw(st.sampled_from(VECTORS))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 12)))
        spice = draw(st.sampled_from([*SPICE, b"", data[start:end] * 2]))
        data = data[:start] + spice + data[end:]
    return data


def fault(data: bytes) -> RemoteSipError | None:
    """What is wrong with `data`, read as an endpoint reads it."""
    try:
        message = parse_message(data)
        if isinstance(message, Request):
            check_request(message)
            refusal(message)
        else:
            check_response(message)
    except RemoteSipError as error:
        return error
    return None


def inspect(data: bytes) -> None:
    error = fault(data)
    assert error is None or (400 <= error.status < 700 and error.rule)


@bounded
@given(mutants())
def test_a_mutant_is_a_message_or_a_remote_error(data: bytes) -> None:
    inspect(data)


@bounded
@given(st.binary(max_size=200))
def test_noise_is_a_remote_error_or_a_message(data: bytes) -> None:
    inspect(data)
    inspect(b"OPTIONS sip:a@b SIP/2.0\r\n" + data)


@bounded
@given(st.lists(mutants(), min_size=1, max_size=5))
def test_an_endpoint_survives_mutants_and_their_calls(datagrams: list[bytes]) -> None:
    endpoint = new_endpoint(CALLEE_AT)
    for data in datagrams:
        endpoint.receive(Datagram(data, STRANGER), 0.0)
        for event in endpoint.events():
            if isinstance(event, Invited):
                endpoint.accept(event.call, b"v=0\r\n", 0.0)
    assert all(datagram.data for datagram in endpoint.to_send())
    run_out(endpoint)
    assert endpoint.call_count == 0
    assert endpoint.transaction_count == 0


def test_hostile_datagrams_of_full_size_are_read_in_linear_time() -> None:
    """65,535 octets of what makes naive patterns backtrack; none gets to be slow by its shape."""
    start = b"INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\nTo: "
    fills = [b'"', b'"a\\', b"a ", b"<", b";a", b";a=", b" ;", b"a,", b"\t \t", b"%41", b"a=b;"]
    for fill in fills:
        data = (start + fill * 65_535)[:65_000] + b"\r\n\r\n"
        inspect(data)
        inspect(data.replace(b"To: ", b"Contact: "))
        inspect(data.replace(b"To: ", b"Record-Route: "))
        inspect(b"SIP/2.0 200 OK\r\nReason: " + data)
        inspect(b"INVITE sip:" + fill * 20_000 + b" SIP/2.0\r\n\r\n")
        inspect(b"OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h" + fill * 20_000 + b"\r\n\r\n")


def test_the_number_of_header_fields_is_bounded() -> None:
    endpoint = new_endpoint(CALLEE_AT)
    data = b"OPTIONS sip:a@b SIP/2.0\r\n" + b"X: y\r\n" * (MAX_HEADER_FIELDS + 1) + b"\r\n"

    endpoint.receive(Datagram(data, STRANGER), 0.0)

    assert endpoint.counters.malformed == 1
    assert endpoint.to_send() == []


def run_out(endpoint: Endpoint) -> None:
    while (deadline := endpoint.deadline()) is not None:
        endpoint.handle_timer(deadline)
        endpoint.to_send()
        endpoint.events()
