"""Every message of RFC 4475, through a real endpoint: what its section asks for, in our words."""

from pathlib import Path
from typing import Final

import pytest

from callwright.protocol.sip.endpoint import Datagram, Endpoint, Invitation
from callwright.protocol.sip.events import Answered, CallEnded, Invited
from callwright.protocol.sip.message import Request, Response, parse_message
from callwright.protocol.sip.values import HostPort, parse_name_addr
from tests.sim.wire import CALLEE_AT, CALLER_AT, Party, Wire, new_endpoint

VECTORS: Final = Path(__file__).parents[2] / "vectors" / "rfc4475"
STRANGER: Final = HostPort("198.51.100.7", 5099)

INVITED: Final = 100
"""The verdict "a call like any other": 100 goes out, and our user is told."""
SILENCE: Final = 0
"""The verdict "not for us": nothing goes out, nobody is told."""

VERDICTS: Final = [
    # 3.1.1 valid messages
    ("wsinv", "3.1.1.1", 481, "white space wherever it may be; well read, its To tag is nobody's"),
    ("intmeth", "3.1.1.2", 405, "every character that a token may have; a method nobody knows"),
    ("esc01", "3.1.1.3", INVITED, "escapes in URIs stay what they are"),
    ("escnull", "3.1.1.4", 405, "escaped NULs are characters; we are no registrar"),
    ("esc02", "3.1.1.5", 405, "a percent sign in a method escapes nothing: not REGISTER"),
    ("lwsdisp", "3.1.1.6", 200, "no space between display name and bracket"),
    ("longreq", "3.1.1.7", INVITED, "long values, many Vias, compact forms"),
    ("dblreq", "3.1.1.8", 405, "octets after the body are ignored; the first is REGISTER"),
    ("semiuri", "3.1.1.9", 200, "a semicolon in the user part starts no parameter"),
    ("transports", "3.1.1.10", 200, "transports in Via that we have never heard of"),
    ("mpart01", "3.1.1.11", 405, "a MESSAGE with a binary multipart body"),
    ("unreason", "3.1.1.12", SILENCE, "UTF-8 in the reason phrase; the Via is not ours"),
    ("noreason", "3.1.1.13", SILENCE, "an empty reason phrase; the Via is not ours"),
    # 3.1.2 invalid messages
    ("badinv01", "3.1.2.1", 400, "separators with nothing between them"),
    ("clerr", "3.1.2.2", 400, "a body shorter than Content-Length says"),
    ("ncl", "3.1.2.3", 400, "a negative Content-Length"),
    ("scalar02", "3.1.2.4", 400, "numbers too large for their fields, in a request"),
    ("scalarlg", "3.1.2.5", SILENCE, "numbers too large, in a response: dropped"),
    ("quotbal", "3.1.2.6", 400, "a quote that never ends"),
    ("ltgtruri", "3.1.2.7", 400, "a Request-URI in angle brackets"),
    ("lwsruri", "3.1.2.8", 400, "white space in a Request-URI"),
    ("lwsstart", "3.1.2.9", 400, "two spaces in the start line"),
    ("trws", "3.1.2.10", 400, "spaces after the version"),
    ("escruri", "3.1.2.11", 400, "header fields in a Request-URI"),
    ("baddate", "3.1.2.12", INVITED, "a Date outside GMT, which we don't need"),
    ("regbadct", "3.1.2.13", 405, "a Contact that needs brackets; we are no registrar"),
    ("badaspec", "3.1.2.14", 400, "spaces inside angle brackets"),
    ("baddn", "3.1.2.15", 400, "a display name that needs quotes"),
    ("badvers", "3.1.2.16", 505, "SIP 7.0"),
    ("mismatch01", "3.1.2.17", 400, "CSeq names another method"),
    ("mismatch02", "3.1.2.18", 400, "the same, and the method is unknown"),
    ("bigcode", "3.1.2.19", SILENCE, "a status code of ten digits"),
    # 3.2 and 3.3: transactions and the application
    ("badbranch", "3.2.1", 200, "a branch with nothing after the cookie: matched as RFC 2543 did"),
    ("insuf", "3.3.1", 400, "no Call-ID, From and To"),
    ("unkscm", "3.3.2", 416, "a Request-URI of an unknown scheme"),
    ("novelsc", "3.3.3", 416, "a Request-URI of a scheme known elsewhere"),
    ("unksm2", "3.3.4", 405, "unknown schemes in From, To and Contact are no obstacle"),
    ("bext01", "3.3.5", 420, "extensions required that nobody supports"),
    ("invut", "3.3.6", 415, "an offer of an unknown type"),
    ("regaut01", "3.3.7", 405, "an unknown scheme of authorization; we are no registrar"),
    ("multi01", "3.3.8", 400, "fields that may stand there once, twice"),
    ("mcl01", "3.3.9", 400, "two values for Content-Length"),
    ("bcast", "3.3.10", SILENCE, "a response with two Vias, neither ours"),
    ("zeromf", "3.3.11", 200, "Max-Forwards 0: nobody forwards anything here"),
    ("cparam01", "3.3.12", 405, "a parameter after a URI without brackets is the field's"),
    ("cparam02", "3.3.13", 405, "a parameter inside brackets is the URI's"),
    ("regescrt", "3.3.14", 405, "a Contact with a Route in its URI"),
    ("sdp01", "3.3.15", 406, "an INVITE whose sender could not read our answer"),
    ("inv2543", "3.4.1", INVITED, "an INVITE as RFC 2543 wrote it"),
]


def test_no_vector_is_forgotten() -> None:
    assert sorted(name for name, *_ in VERDICTS) == sorted(
        path.stem for path in VECTORS.glob("*.dat")
    )


def vector(name: str) -> bytes:
    return (VECTORS / f"{name}.dat").read_bytes()


def request(name: str) -> Request:
    message = parse_message(vector(name))
    assert isinstance(message, Request)
    return message


def receive(endpoint: Endpoint, name: str) -> list[Response]:
    endpoint.receive(Datagram(vector(name), STRANGER), 0.0)
    responses = []
    for datagram in endpoint.to_send():
        assert datagram.peer.host == STRANGER.host
        message = parse_message(datagram.data)
        assert isinstance(message, Response)
        responses.append(message)
    return responses


@pytest.mark.parametrize(("name", "section", "status", "why"), VERDICTS)
def test_is_answered_as_its_section_asks(name: str, section: str, status: int, why: str) -> None:
    endpoint = new_endpoint(CALLEE_AT)

    statuses = [response.sip_status for response in receive(endpoint, name)]
    invited = [event for event in endpoint.events() if isinstance(event, Invited)]

    assert statuses == ([] if status == SILENCE else [status]), f"{section}: {why}"
    assert len(invited) == (status == INVITED), f"{section}: {why}"


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("insuf", "Via", "SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKkdj.insuf;received=198.51.100.7"),
        ("bext01", "Unsupported", "nothingSupportsThis, nothingSupportsThisEither"),
        ("invut", "Accept", "application/sdp"),
        ("intmeth", "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS"),
        ("semiuri", "Accept", "application/sdp"),
        ("badinv01", "Via", "SIP/2.0/UDP 192.0.2.15;;,;,,"),
    ],
)
def test_says_what_is_wrong_in_the_right_field(name: str, field: str, value: str) -> None:
    [response] = receive(new_endpoint(CALLEE_AT), name)

    assert response.headers.first(field) == value


def test_keeps_every_via_of_a_long_request_in_order() -> None:
    [response] = receive(new_endpoint(CALLEE_AT), "longreq")

    hosts = [via.split(";")[0].split()[-1] for via in response.headers.all("Via")]
    assert hosts == [f"sip{n}.example.com" for n in range(33, 0, -1)] + ["host.example.com"]


def test_reads_through_white_space() -> None:
    message = request("wsinv")

    assert message.to.tag == "1918181833n"
    assert message.from_.display_name == 'J Rosenberg \\"'
    assert message.from_.tag == "98asjd8"
    assert message.cseq == (9, "INVITE")
    assert message.via.host == "192.0.2.2"
    assert message.via.branch == "390skdjuw"
    assert message.headers.first("Max-Forwards") == "0068"
    assert message.headers.first("Subject") == ""
    assert message.headers.first("Newfangledheader") == (
        "newfangled value continued newfangled value"
    )
    contact = parse_name_addr(message.headers.all("Contact")[0])
    assert contact.display_name == 'Quoted string ""'
    assert contact.parameters == (("newparam", "newvalue"), ("secondparam", None), ("q", "0.33"))
    assert len(message.body) == 150


def test_reads_every_character_a_token_may_have() -> None:
    message = request("intmeth")

    assert message.method == "!interesting-Method0123456789_*+`.%indeed'~"
    assert message.to.display_name == "BEL:\x07 NUL:\x00 DEL:\x7f"
    assert message.from_.display_name == "token1~` token2'+_ token3*%!.-"
    assert message.from_.tag == "_token~1'+`*%!-."
    assert message.from_.parameters[0] == ("fromparam''~+*_!.-%", "работающий")
    assert message.call_id == "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{"


def test_leaves_escapes_as_they_are() -> None:
    message = request("esc01")

    assert str(message.uri) == "sip:sips%3Auser%40example.com@example.net"
    assert message.from_.uri_text == "sip:I%20have%20spaces@example.net"
    assert message.content_type == "application/sdp"
    assert request("escnull").to.uri_text == "sip:null-%00-null@example.com"


def test_does_not_read_an_escaped_name_as_the_name() -> None:
    assert [
        parse_name_addr(value).uri_text for value in request("esc02").headers.all("Contact")
    ] == [
        "sip:alias1@host1.example.com",
        "sip:alias3@host3.example.com",
    ]


def test_tells_a_fields_parameters_from_a_uris() -> None:
    outside = parse_name_addr(request("cparam01").headers.all("Contact")[0])
    inside = parse_name_addr(request("cparam02").headers.all("Contact")[0])

    assert outside.uri_text == "sip:+19725552222@gw1.example.net"
    assert outside.parameters == (("unknownparam", None),)
    assert inside.uri_text == "sip:+19725552222@gw1.example.net;unknownparam"
    assert inside.parameters == ()


@pytest.mark.parametrize(
    ("name", "status", "reason"),
    [
        ("noreason", 100, ""),
        ("unreason", 200, "= 2**3 * 5**2 но сто девяносто девять - простое"),
        ("bcast", 200, "OK"),
    ],
)
def test_reads_status_lines(name: str, status: int, reason: str) -> None:
    message = parse_message(vector(name))

    assert isinstance(message, Response)
    assert (message.sip_status, message.reason) == (status, reason)


def test_the_endpoint_still_places_and_takes_calls_afterwards() -> None:
    parties = [Party(at, new_endpoint(at)) for at in (CALLER_AT, CALLEE_AT)]
    for party in parties:
        for name, *_ in VERDICTS:
            party.endpoint.receive(Datagram(vector(name), STRANGER), 0.0)
        party.endpoint.to_send()
        party.endpoint.events()
    caller, callee = parties
    callee.react = lambda event, now: (
        callee.endpoint.accept(event.call, b"v=0\r\n", now) if isinstance(event, Invited) else None
    )
    wire = Wire(caller, callee)

    call = caller.endpoint.invite(
        Invitation(
            target="sip:ann@192.0.2.2",
            next_hop=CALLEE_AT,
            from_uri="sip:bob@example.com",
            to_uri="sip:ann@example.com",
            body=b"v=0\r\n",
            ring_timeout=30,
        ),
        wire.now,
    )
    wire.run_until(1.0)
    caller.endpoint.hang_up(call, wire.now)
    wire.run_until(2.0)

    assert caller.events == [Answered(call, b"v=0\r\n"), CallEnded(call, 200)]
