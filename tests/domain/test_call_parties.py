"""Who is at the far end of a call, as another call may name him."""

import pytest

from callwright.domain.call_parties import CallParties
from callwright.domain.records import CallDirection


@pytest.mark.parametrize(
    ("call_to", "caller_id"),
    [
        ("441908273800", "441908273800"),
        ("sip:bob@acompany.com", "sip:bob@acompany.com"),
        ("loc:desk", "desk"),
        ("con:weekly", "weekly"),
        ("wss://voice.example/call", ""),
        ("webrtc:ann", ""),
    ],
)
def test_whom_we_called_is_named_by_number_address_or_name(call_to: str, caller_id: str) -> None:
    parties = CallParties(CallDirection.OUT, "441908273801", call_to, call_to)
    assert parties.caller_id == caller_id


def test_whoever_called_us_is_named_as_he_named_himself() -> None:
    parties = CallParties(CallDirection.IN, "441908273801", "sip:desk@example.net", "")
    assert parties.caller_id == "441908273801"
