"""Records are printed as the published samples, to the member and to the digit."""

from dataclasses import replace
from decimal import Decimal

import pytest

from callwright.domain.causes import HUNG_UP_BY_THEM, cause_of_sip_failure
from callwright.domain.clock import UnixTime
from callwright.domain.far_end import FarEnd, FarEndType, Heard
from callwright.domain.ids import CallId, InstanceId
from callwright.domain.records import (
    Adr,
    CallDirection,
    Cdr,
    ErrorCode,
    ErrorReport,
    Fdr,
    InstanceRecord,
)
from callwright.records.application_status import application_status

DOCS = "https://docs.example.net"
REST = InstanceRecord(
    adr=Adr(
        instance_id=InstanceId("100d73cb12cbf845.8089"),
        ref=None,
        application_name="outbound_test",
        started_at=UnixTime(1552572916.21),
        stopped_at=UnixTime(1552572949.42),
        exit_status=0,
        rest_from="443069999876",
        rest_initial_token="9176280",
        rest_log_filename="2019/03/14/rest_14_15_49_100d73cb12cbf845.8089.log",
        rest_to="tel:443069990123",
        tts_seconds=15.0,
        platform_cost=Decimal("0.01"),
        pstn_cost=Decimal("0.016"),
        tts_unit_cost=Decimal("0.0072"),
        tts_cost=Decimal("0.0018"),
        tts_neural_unit_cost=Decimal("0.0192"),
    ),
    cdrs=(
        Cdr(
            call_id=CallId("100d73cb12cbf845.106285.246346213"),
            destination_address="tel:443069990123",
            originating_address="443069999876@sip-0-0-0.aculab.com",
            direction=CallDirection.OUT,
            channel_type="p",
            initiated_at=UnixTime(1552572916.39),
            connected_at=UnixTime(1552572916.97),
            hung_up_at=UnixTime(1552572949.07),
            joined=0.0,
            cause=HUNG_UP_BY_THEM,
        ),
    ),
)
UAS = InstanceRecord(
    adr=Adr(
        instance_id=InstanceId("049136ca36e44662.200476"),
        ref=None,
        application_name="outbound_test",
        started_at=UnixTime(1366725525.81),
        stopped_at=UnixTime(1366725536.67),
        exit_status=-111,
        outbound_parameters="443069990123;hello world",
        application_parameters="443069990123",
        tts_neural_seconds=15.0,
        platform_cost=Decimal("0.01"),
        tts_unit_cost=Decimal("0.0072"),
        tts_neural_unit_cost=Decimal("0.0192"),
        tts_neural_cost=Decimal("0.0048"),
        uas_ip_address="123.100.100.223",
        uas_name="Prod001",
    ),
    errors=(
        ErrorReport(ErrorCode.NEGATIVE_RETURN_CODE, "completion status [-111]"),
        ErrorReport(ErrorCode.PAGE_REQUEST_FAILED, "down"),
    ),
)


def test_prints_the_published_rest_sample() -> None:
    assert application_status(REST, docs_url=DOCS) == {
        "adr": {
            "application_instance_id": "100d73cb12cbf845.8089",
            "application_name": "outbound_test",
            "application_parameters": "",
            "costs_valid": "true",
            "duration": 33.21,
            "exit_status": 0,
            "extra_channel_count": 0,
            "extra_cost": 0.0,
            "fax": "false",
            "feature_cost": 0.0,
            "feature_seconds": 0.0,
            "outbound_parameters": "",
            "platform_cost": 0.01,
            "pstn_cost": 0.016,
            "rest_from": "443069999876",
            "rest_initial_token": "9176280",
            "rest_log_filename": "2019/03/14/rest_14_15_49_100d73cb12cbf845.8089.log",
            "rest_to": "tel:443069990123",
            "start_datetime": "2019-03-14_14:15:16",
            "start_time": 1552572916.21,
            "stop_datetime": "2019-03-14_14:15:49",
            "stop_time": 1552572949.42,
            "tollfree_cost": 0.0,
            "total_cost": 0.027,
            "tts_cost": 0.0018,
            "tts_neural_cost": 0.0,
            "tts_neural_seconds": 0.0,
            "tts_neural_unit_cost": 0.0192,
            "tts_seconds": 15.0,
            "tts_unit_cost": 0.0072,
            "uas_ip_address": "",
            "uas_name": "",
        },
        "cdrs": {
            "100d73cb12cbf845.106285.246346213": {
                "call_connected_datetime": "2019-03-14_14:15:16",
                "call_connected_time": 1552572916.97,
                "call_cost": 0.0,
                "call_hangup_datetime": "2019-03-14_14:15:49",
                "call_hangup_time": 1552572949.07,
                "call_initiated_datetime": "2019-03-14_14:15:16",
                "call_initiated_time": 1552572916.39,
                "channel_type": "p",
                "costs_valid": "false",
                "destination_address": "tel:443069990123",
                "dir": "out",
                # The sample says 32.09 and its own times 32.10; ours follow from the times.
                "duration": 32.1,
                "hangup_cause": "NORMAL(200)",
                "joined": 0.0,
                "originating_address": "443069999876@sip-0-0-0.aculab.com",
            }
        },
        "errs": {},
        "fdrs": {},
    }


def test_prints_the_parts_that_a_uas_has() -> None:
    printed = application_status(UAS, docs_url=DOCS)
    adr = printed["adr"]
    assert adr["outbound_parameters"] == "443069990123;hel..."
    assert adr["application_parameters"] == "443069990123"
    assert (adr["exit_status"], adr["duration"]) == (-111, 10.86)
    assert (adr["uas_ip_address"], adr["uas_name"]) == ("123.100.100.223", "Prod001")
    assert (adr["tts_neural_cost"], adr["total_cost"]) == (0.0048, 0.014)
    assert printed["errs"] == {
        "0": {
            "error_code": "2008",
            "error_link": f"{DOCS}/web-services/web-service-errors?error=2008",
            "error_text": "completion status [-111]",
        },
        "1": {
            "error_code": "2101",
            "error_link": f"{DOCS}/web-services/web-service-errors?error=2101",
            "error_text": "down",
        },
    }


def test_prints_features_and_their_sums() -> None:
    fdr = Fdr(
        feature_id="7be20c91d45f03aa.12",
        audio_path="in",
        feature_type="sr_get_input",
        started_at=UnixTime(1896081310.0),
        stopped_at=UnixTime(1896081322.0),
        call_id=CallId("7be20c91d45f03aa.905.31415926"),
        transaction_id="b7c1",
        duration_for_cost=15.0,
        unit_cost=Decimal("0.04"),
        cost=Decimal("0.01"),
    )
    adr = replace(
        REST.adr,
        feature_seconds=12.0,
        feature_cost=Decimal("0.01"),
        tollfree_cost=Decimal("0.004"),
        extra_cost=Decimal("0.0025"),
    )
    printed = application_status(replace(REST, adr=adr, fdrs=(fdr,)), docs_url=DOCS)
    assert printed["fdrs"] == {
        "7be20c91d45f03aa.12": {
            "application_instance_id": "100d73cb12cbf845.8089",
            "audio_path": "in",
            "call_id": "7be20c91d45f03aa.905.31415926",
            "cost": 0.01,
            "costs_valid": "true",
            "duration": 12.0,
            "duration_for_cost": 15.0,
            "start_datetime": "2030-01-31_09:15:10",
            "start_time": 1896081310.0,
            "stop_datetime": "2030-01-31_09:15:22",
            "stop_time": 1896081322.0,
            "transaction_id": "b7c1",
            "type": "sr_get_input",
            "unit_cost": 0.04,
        }
    }
    costs = printed["adr"]
    assert (costs["feature_seconds"], costs["feature_cost"]) == (12.0, 0.01)
    assert (costs["tollfree_cost"], costs["extra_cost"]) == (0.004, 0.0025)
    # 0.01 + 0.016 + 0.0018 + 0.01 + 0.004 + 0.0025
    assert costs["total_cost"] == 0.044


HEARD = FarEnd(FarEndType.FAX_MACHINE, 2.4567, ("CED tone",), (Heard(0.1234, 2.4, "tone"),))


@pytest.mark.parametrize("far_end", [None, HEARD])
def test_members_stand_in_alphabetical_order(far_end: FarEnd | None) -> None:
    cdrs = tuple(replace(cdr, far_end=far_end) for cdr in REST.cdrs)
    printed = application_status(replace(REST, cdrs=cdrs), docs_url=DOCS)
    [cdr] = printed["cdrs"].values()
    for members in (list(printed), list(printed["adr"]), list(cdr)):
        assert members == sorted(members)


def test_what_answered_is_printed_where_it_was_asked() -> None:
    cdrs = tuple(replace(cdr, far_end=HEARD) for cdr in REST.cdrs)
    printed = application_status(replace(REST, cdrs=cdrs), docs_url=DOCS)
    [cdr] = printed["cdrs"].values()
    assert cdr["far_end"] == {
        "reasons": ["CED tone"],
        "seconds": 2.46,
        "timeline": [{"begin": 0.12, "end": 2.4, "kind": "tone"}],
        "type": "fax_machine",
    }
    [cdr] = application_status(REST, docs_url=DOCS)["cdrs"].values()
    assert "far_end" not in cdr


def test_a_call_that_never_connected_says_so_with_zeros() -> None:
    [call] = REST.cdrs
    busy = replace(call, connected_at=None, cause=cause_of_sip_failure(486))
    printed = application_status(replace(REST, cdrs=(busy,)), docs_url=DOCS)
    [cdr] = printed["cdrs"].values()
    assert (cdr["call_connected_time"], cdr["call_connected_datetime"]) == (0.0, "")
    assert (cdr["duration"], cdr["hangup_cause"]) == (0.0, "BUSY(486)")


@pytest.mark.parametrize(
    ("token", "printed"),
    [("", ""), ("x" * 16, "x" * 16), ("x" * 17, "x" * 16 + "..."), ("☎" * 20, "☎" * 16 + "...")],
)
def test_long_texts_are_shortened(token: str, printed: str) -> None:
    record = replace(REST, adr=replace(REST.adr, rest_initial_token=token))
    assert application_status(record, docs_url=DOCS)["adr"]["rest_initial_token"] == printed


@pytest.mark.parametrize(
    ("moment", "printed"),
    [
        (1366725535.1099, 1366725535.1099),
        (1366725535.10999, 1366725535.1099),
        (1366725525.0, 1366725525.0),
    ],
)
def test_times_are_cut_to_four_decimals(moment: float, printed: float) -> None:
    record = replace(REST, adr=replace(REST.adr, started_at=UnixTime(moment)))
    assert application_status(record, docs_url=DOCS)["adr"]["start_time"] == printed


def test_costs_are_cut_not_rounded() -> None:
    adr = replace(REST.adr, pstn_cost=Decimal("0.01999"), tts_cost=Decimal("0.00019"))
    printed = application_status(replace(REST, adr=adr), docs_url=DOCS)["adr"]
    assert (printed["pstn_cost"], printed["tts_cost"]) == (0.0199, 0.0001)
    assert printed["total_cost"] == 0.03
