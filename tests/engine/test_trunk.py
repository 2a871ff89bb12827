"""The trunk setting."""

import pytest

from callwright.engine.trunk import BadTrunk, Trunk, parse_trunk


def test_the_simulated_carrier_has_no_address_yet() -> None:
    assert parse_trunk("sim:") is None


@pytest.mark.parametrize(
    ("setting", "host", "port"),
    [
        ("sip:trunk.example.com", "trunk.example.com", 5060),
        ("sip:192.0.2.7:5070", "192.0.2.7", 5070),
    ],
)
def test_reads_host_and_port(setting: str, host: str, port: int) -> None:
    assert parse_trunk(setting) == Trunk(setting, host, port)


@pytest.mark.parametrize(
    "setting",
    ["", "sim", "trunk.example.com", "sip:", "sip:a:0", "sip:a:65536", "sip:a b", "tel:1"],
)
def test_refuses_what_is_no_trunk(setting: str) -> None:
    with pytest.raises(BadTrunk, match="was expected"):
        parse_trunk(setting)
