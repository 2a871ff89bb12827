"""How many instances of a UAS application a request starts, and what each is told."""

import pytest

from callwright.domain.service_start import ServiceStart
from callwright.queue.rest_calls import ListNotAllowed
from callwright.queue.uas_starts import BadUasStart, parse_uas_starts

PRINTABLE = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) not in "^|")
LONG = "p" * 5000

ACCEPTED: list[tuple[dict[str, str], list[str]]] = [
    ({}, [""]),
    ({"count": "1"}, [""]),
    ({"count": "003"}, ["", "", ""]),
    ({"count": "1000"}, [""] * 1000),
    ({"outbound_parameters": "one, two"}, ["one, two"]),
    ({"outbound_parameters": "one", "count": "2"}, ["one", "one"]),
    ({"outbound_parameters": PRINTABLE}, [PRINTABLE]),
    ({"outbound_parameters": LONG}, [LONG]),
    (
        {"outbound_parameters": "destinationForApp1,destinationForApp2", "delimiter": ","},
        ["destinationForApp1", "destinationForApp2"],
    ),
    ({"outbound_parameters": "alpha;beta;", "delimiter": ";"}, ["alpha", "beta", ""]),
    ({"outbound_parameters": "a b", "delimiter": " "}, ["a", "b"]),
    ({"outbound_parameters": "a,b", "delimiter": ",", "count": "9"}, ["a", "b"]),
    ({"outbound_parameters": "a,b", "delimiter": ",", "count": "many"}, ["a", "b"]),
    ({"outbound_parameters": "alone", "delimiter": ",", "count": "9"}, ["alone"]),
    ({"outbound_parameters": f"{LONG},{LONG}", "delimiter": ","}, [LONG, LONG]),
    ({"delimiter": ",", "count": "2"}, ["", ""]),
    ({"rest_calls": "of no concern to a UAS"}, [""]),
]


@pytest.mark.parametrize(("parameters", "strings"), ACCEPTED)
def test_each_instance_gets_its_string(parameters: dict[str, str], strings: list[str]) -> None:
    assert parse_uas_starts(parameters, may_start_lists=True) == tuple(
        ServiceStart(to="", outbound_parameters=string) for string in strings
    )


REFUSED: list[tuple[dict[str, str], str, str]] = [
    ({"count": "0"}, "0004", "'0'"),
    ({"count": "000"}, "0004", "'000'"),
    ({"count": "1001"}, "0002", "'1001'"),
    ({"count": "9" * 5000}, "0002", "'999"),
    ({"count": "-1"}, "0002", "'-1'"),
    ({"count": "+1"}, "0002", "'+1'"),
    ({"count": "1.0"}, "0002", "'1.0'"),
    ({"count": "two"}, "0002", "'two'"),
    ({"count": "٣"}, "0002", "count"),
    ({"count": "1\n"}, "0002", "count"),
    ({"count": ""}, "0002", "''"),
    *(
        ({"outbound_parameters": f"a{bad}b"}, "0002", "outbound_parameters")
        for bad in ("^", "|", "\0", "\t", "\n", "\r", "\x1f", "\x7f", "é", "\u2028")
    ),
    ({"outbound_parameters": LONG + "p"}, "0002", "5001"),
    ({"outbound_parameters": f"a,{LONG}p", "delimiter": ","}, "0002", "5001"),
    ({"outbound_parameters": "," * 1000, "delimiter": ","}, "0002", "1001"),
    ({"outbound_parameters": "a,,b", "delimiter": ",,"}, "0002", "',,'"),
    *(
        ({"outbound_parameters": "a", "delimiter": bad}, "0002", "delimiter")
        for bad in ("", "^", "|", "\t", "\x7f", "é")
    ),
]


@pytest.mark.parametrize(("parameters", "code", "quoted"), REFUSED)
def test_wrong_values_are_quoted(parameters: dict[str, str], code: str, quoted: str) -> None:
    with pytest.raises(BadUasStart) as refused:
        parse_uas_starts(parameters, may_start_lists=True)

    assert refused.value.code == code
    assert quoted in str(refused.value)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    "parameters",
    [{"count": "2"}, {"delimiter": ","}, {"outbound_parameters": "a", "delimiter": ","}],
)
def test_several_instances_are_for_those_who_pay(parameters: dict[str, str]) -> None:
    with pytest.raises(ListNotAllowed, match="for Production and Premium accounts only"):
        parse_uas_starts(parameters, may_start_lists=False)


def test_one_instance_is_for_everybody() -> None:
    starts = parse_uas_starts(
        {"count": "1", "outbound_parameters": "one,two"}, may_start_lists=False
    )
    assert starts == (ServiceStart(to="", outbound_parameters="one,two"),)
