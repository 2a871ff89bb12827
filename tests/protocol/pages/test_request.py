"""The body that pages are asked with, and how it rides in a GET's query."""

import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from callwright.protocol.pages.errors import FaultCode
from callwright.protocol.pages.request import (
    CallInfo,
    ErrorResult,
    InstanceInfo,
    print_instance_info,
    url_with_instance_info,
)
from callwright.protocol.pages.results import NumberEntered, RecordingStored

CALL = CallInfo(
    call_id="7f31c2a90be4d816.40218.193300715",
    direction="out",
    call_from="441632960961",
    call_to="441632960100",
    call_target="441632960100",
    call_state="answered",
    duration=14.24,
    application_parameters="",
    outbound_parameters="order=5",
)

COMMON = (
    '{"application_instance_id":"7f31c2a90be4d816.40217","token":"basket-5521",'
    '"log_filename":"2026/02/11/rest_09_30_02_7f31c2a90be4d816.40217.log",'
)
THIS_CALL = (
    '"this_call":{"call_id":"7f31c2a90be4d816.40218.193300715","call_direction":"out",'
    '"call_from":"441632960961","call_to":"441632960100","call_target":"441632960100",'
    '"call_divert":"","seconds_call_duration":14.2,"call_state":"answered",'
    '"application_parameters":"","outbound_parameters":"order=5"},'
)


def info(**members: object) -> InstanceInfo:
    return InstanceInfo(
        **{  # type: ignore[arg-type]  # a table's members, typed where they are written
            "application_instance_id": "7f31c2a90be4d816.40217",
            "token": "basket-5521",
            "log_filename": "2026/02/11/rest_09_30_02_7f31c2a90be4d816.40217.log",
            "api_version": "2.0",
            "this_call": CALL,
            **members,
        }
    )


STORED = RecordingStored("complaint", "a_1.wav", contains_sound=True, duration=12.55)

GOLDEN = [
    (info(), COMMON + f'"is_notification":false,{THIS_CALL}"api_version":"2.0"}}'),
    (
        info(action_result=NumberEntered("90210")),
        COMMON + f'"is_notification":false,{THIS_CALL}"action_result":{{"action":"get_number",'
        '"result":{"entered_number":"90210"}},"api_version":"2.0"}',
    ),
    (
        info(error_result=ErrorResult("play", "no such file", FaultCode.MEDIA_NOT_FOUND)),
        COMMON + f'"is_notification":false,{THIS_CALL}"error_result":{{"action":"play",'
        '"result":"no such file","code":"media_not_found"},"api_version":"2.0"}',
    ),
    (
        info(this_call=None, action_result=STORED),
        COMMON + '"is_notification":true,"action_result":{"action":"record","result":'
        '{"id":"complaint","filename":"a_1.wav","contains_sound":true,"seconds_duration":12.6}},'
        '"api_version":"2.0"}',
    ),
]


@pytest.mark.parametrize(("document", "text"), GOLDEN)
def test_prints_the_documented_body(document: InstanceInfo, text: str) -> None:
    assert print_instance_info(document).decode() == text


def test_the_final_page_is_told_the_cause() -> None:
    ended = replace(CALL, call_state="idle", call_cause="hung_up", call_raw_cause="200")
    call = json.loads(print_instance_info(info(this_call=ended)))["this_call"]
    assert (call["call_cause"], call["call_raw_cause"]) == ("hung_up", "200")


def test_an_inbound_call_is_described_with_what_its_invite_said() -> None:
    inbound = CallInfo(
        call_id="i",
        direction="in",
        call_from="441632960961",
        call_to="441632960100",
        call_target="441632960101",
        call_state="inbound",
        duration=0.0,
        application_parameters="",
        divert="441632960102",
        attestation="B",
        sip_headers=(("X-Colour", "blue"),),
    )
    call = json.loads(print_instance_info(info(this_call=inbound)))["this_call"]
    assert call == {
        "call_id": "i",
        "call_direction": "in",
        "call_from": "441632960961",
        "call_to": "441632960100",
        "call_target": "441632960101",
        "call_divert": "441632960102",
        "seconds_call_duration": 0.0,
        "call_state": "inbound",
        "application_parameters": "",
        "call_attestation": "B",
        "sip_headers": [{"name": "X-Colour", "value": "blue"}],
    }


def test_a_secondary_call_s_final_page_is_told_who_lost_the_race() -> None:
    lost = replace(CALL, call_state="idle", call_cause="dropped", call_raw_cause="487")
    document = json.loads(print_instance_info(info(dropped_calls=(lost,))))
    assert [call["call_cause"] for call in document["dropped_calls"]] == ["dropped"]
    assert json.loads(print_instance_info(info(dropped_calls=())))["dropped_calls"] == []


def test_a_call_tells_what_answered_and_where_it_is_recorded() -> None:
    known = replace(CALL, far_end_type="human", recording_filename="a.wav")
    call = json.loads(print_instance_info(info(this_call=known)))["this_call"]
    assert (call["far_end_type"], call["call_recording_filename"]) == ("human", "a.wav")


def test_no_token_is_null() -> None:
    assert json.loads(print_instance_info(info(token=None)))["token"] is None


MERGED = [
    ("http://h/p", "http://h/p?instance_info=DOC"),
    ("http://h", "http://h?instance_info=DOC"),
    ("http://h/p?a=1&b=%20", "http://h/p?a=1&b=%20&instance_info=DOC"),
    ("http://h/p?a=1#part", "http://h/p?a=1&instance_info=DOC"),
    ("http://h/p?instance_info=old&a=1", "http://h/p?a=1&instance_info=DOC"),
    ("http://h/p?flag&&", "http://h/p?flag&instance_info=DOC"),
]


@pytest.mark.parametrize(("url", "merged"), MERGED)
def test_a_get_keeps_its_own_query(url: str, merged: str) -> None:
    assert url_with_instance_info(url, b"DOC") == merged


def test_the_document_survives_the_query() -> None:
    document = print_instance_info(info(token="a+b&c=d %20 #ä\U0001f600"))
    url = url_with_instance_info("http://h/p?x=1", document)
    assert parse_qs(urlsplit(url).query)["instance_info"] == [document.decode()]
