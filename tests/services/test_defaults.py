"""Defaults come from the schema; supplied options take their places, null among them."""

import pytest

from callwright.services.defaults import default_configuration, lay_over
from callwright.services.options import JsonObject
from callwright.services.ports import ServiceKind
from callwright.services.schema import Allowance, schema_for

SCHEMA = schema_for(ServiceKind.OUTBOUND, Allowance(maximum_cps=1.0))
INBOUND = schema_for(ServiceKind.INBOUND, Allowance(maximum_cps=1.0))
PAGE = {"address": None, "method": "POST"}


def test_the_default_configuration_is_the_documented_one() -> None:
    assert default_configuration(SCHEMA) == {
        "enabled": True,
        "service_password": None,
        "description": None,
        "extra_channels": 0,
        "g729": False,
        "call_constraints": {
            "minimum_guaranteed_cps": None,
            "maximum_allowed_cps": None,
            "blocked_prefixes": [],
            "allowed_prefixes": [],
            "price_cap": None,
        },
        "application_type": "UAS",
        "uas": {"application_name": None, "application_parameters": None},
        "rest": {
            "first_page": PAGE,
            "final_page": PAGE,
            "error_page": PAGE,
            "api_version": "2.0",
            "application_parameters": None,
            "tts_voice": "English UK Female Polly Amy",
            "authentication": {"username": None, "password": None},
            "call_recording": {
                "enabled": False,
                "encryption": False,
                "eliminate_dtmf": True,
                "mode": "mixed",
            },
            "max_call_duration": 240,
            "answer_timeout": 30,
            "call_configuration": {
                "call_type": "telephone",
                "far_end_classification": {
                    "enabled": False,
                    "hang_up_on_answering_machine": True,
                    "hang_up_on_fax_machine": True,
                    "mode": "default",
                    "milliseconds_timeout": 5000,
                },
                "speech_streams": 0,
                "connect_next_page_on_failure": False,
            },
        },
        "fax": {
            "send": False,
            "receive": False,
            "subscriber_id": None,
            "modems": ["v17", "v29", "v27"],
        },
    }


def test_inbound_services_differ_as_documented() -> None:
    outbound, inbound = default_configuration(SCHEMA), default_configuration(INBOUND)
    rest, inbound_rest = outbound["rest"], inbound["rest"]
    assert isinstance(rest, dict)
    assert isinstance(inbound_rest, dict)
    assert set(outbound) - set(inbound) == {"service_password"}
    assert set(rest) - set(inbound_rest) == {"answer_timeout"}
    assert inbound_rest["call_configuration"] == {
        "early_media": False,
        "reported_sip_headers": [],
        "speech_streams": 0,
        "connect_next_page_on_failure": False,
    }
    assert inbound["messages"] == {"notification_page": PAGE}
    assert inbound["access"] == {"allowed_addresses": []}
    assert list(inbound)[-2:] == ["messages", "access"]


def test_every_default_is_a_value_of_its_own() -> None:
    first, second = default_configuration(SCHEMA), default_configuration(SCHEMA)
    fax, other = first["fax"], second["fax"]
    assert isinstance(fax, dict)
    assert isinstance(other, dict)
    assert fax["modems"] is not other["modems"]


BASE: JsonObject = {"a": 1, "b": {"c": [1, 2], "d": None}}
LAID: list[tuple[JsonObject, JsonObject]] = [
    ({}, BASE),
    ({"a": None}, {"a": None, "b": {"c": [1, 2], "d": None}}),
    ({"b": {"c": [3]}}, {"a": 1, "b": {"c": [3], "d": None}}),
    ({"b": {"d": {"e": 1}}}, {"a": 1, "b": {"c": [1, 2], "d": {"e": 1}}}),
    ({"b": 5}, {"a": 1, "b": 5}),
    ({"z": 1}, {"a": 1, "b": {"c": [1, 2], "d": None}, "z": 1}),
]


@pytest.mark.parametrize(("supplied", "merged"), LAID)
def test_supplied_options_take_their_places(supplied: JsonObject, merged: JsonObject) -> None:
    assert lay_over(BASE, supplied) == merged
    assert list(lay_over(BASE, supplied)) == list(merged)
    assert BASE == {"a": 1, "b": {"c": [1, 2], "d": None}}
