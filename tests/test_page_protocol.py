"""The reference of the page protocol says what the code does: marks, sections, tables, examples."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from callwright.domain.call_parties import CallParties
from callwright.domain.causes import cause_of_sip_failure
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, CallId, InstanceId
from callwright.domain.records import CallDirection
from callwright.domain.service_start import ServiceStart
from callwright.protocol.pages.actions import WIRE_NAMES, PageAnswer
from callwright.protocol.pages.errors import BadAnswer, FaultCode
from callwright.protocol.pages.inputs import GetInput, GetNumber, RunMenu, RunSpeechMenu
from callwright.protocol.pages.media import Text
from callwright.protocol.pages.parse import parse_answer
from callwright.runner.faults import InstanceFault
from callwright.runner.instance import InstanceRun
from tests.sim.call import FarEnd, ScriptedCall
from tests.sim.clock import VirtualClock
from tests.sim.instance import (
    APPLICATION,
    KeptFacts,
    PageScript,
    Says,
    ScriptedPages,
    rest_instance,
    says,
    surroundings,
)
from tests.sim.secondaries import ScriptedSecondaries
from tests.sim.virtual_loop import run_on

ROOT: Final = Path(__file__).resolve().parent.parent
PAGES: Final = ("page-protocol.md", "page-actions.md", "page-objects.md")
DOCUMENT: Final = "\n".join((ROOT / "docs" / name).read_text("utf-8") for name in PAGES)
SOURCES: Final = {path: path.read_text("utf-8") for path in ROOT.glob("src/**/*.py")}
PARTS: Final = re.split(r"^#{2,4} (\d+(?:\.\d+)*)\.? .*$", DOCUMENT, flags=re.MULTILINE)[1:]
SECTIONS: Final = dict(zip(PARTS[::2], PARTS[1::2], strict=True))
EXAMPLES: Final = [
    json.loads(text) for text in re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
]

Properties = dict[str, Any]  # JSON


def _rows(section: str) -> list[list[str]]:
    """The cells of a section's tables, without headings."""
    rows = re.findall(r"^\| (.*) \|$", SECTIONS[section], re.MULTILINE)
    return [row.split(" | ") for row in rows if not row.startswith(("Property", "Mark"))]


# --- marks and sections ---


def test_every_mark_of_the_code_is_listed_and_every_listed_one_is_in_the_code() -> None:
    cited = {mark for text in SOURCES.values() for mark in re.findall(r"\bA-\d\d\b", text)}
    listed = [row[0] for row in _rows("9")]
    assert listed == sorted(cited)


def test_a_mark_in_the_text_is_one_of_the_list() -> None:
    assert set(re.findall(r"\bA-\d\d\b", DOCUMENT)) == {row[0] for row in _rows("9")}


def test_the_sections_that_the_code_cites_are_there() -> None:
    numbers = r"\d+(?:\.\d+)*(?:(?:, | and | to )\d+(?:\.\d+)*)*"
    citation = re.compile(rf"sections? ({numbers}) of the page protocol|page protocol ({numbers})")
    found = [
        number
        for text in SOURCES.values()
        for before, behind in citation.findall(" ".join(text.split()))
        for number in re.findall(r"\d+(?:\.\d+)*", before or behind)
    ]
    assert len(found) > 6
    assert [number for number in found if number not in SECTIONS] == []


# --- tables ---


def _listed(*actions: Properties) -> Properties:
    return {"api_version": "2.0", "actions": list(actions)}


def _media(media: Properties) -> Properties:
    return _listed({"play": {"play_list": [media]}})


OPTION: Final[Properties] = {"digit": "1", "next_page": "n"}
TO: Final[Properties] = {"destinations": ["sip:a@b.example"]}
HOLDERS: Final[dict[str, tuple[Callable[[Properties], Properties], Properties]]] = {
    "3": (lambda it: it, {"api_version": "2.0", "actions": []}),
    "4.1": (lambda it: _listed({"play": it}), {"play_list": []}),
    "4.2": (lambda it: _listed({"get_input": it}), {"next_page": "n"}),
    "4.3": (lambda it: _listed({"get_number": it}), {"next_page": "n"}),
    "4.4": (lambda it: _listed({"run_menu": it}), {"menu_options": [OPTION]}),
    "4.5": (lambda it: _listed({"run_speech_menu": it}), {"menu_options": [OPTION]}),
    "4.6": (lambda it: _listed({"record": it}), {"next_page": "n"}),
    "4.7": (lambda it: _listed({"connect": it}), TO),
    "4.8": (lambda it: _listed({"connect_to_conference": it}), {"name": "c"}),
    "4.9": (lambda it: _listed({"answer": it}), {}),
    "4.10": (lambda it: _listed({"reject": it}), {}),
    "4.12": (lambda it: _listed({"start_transcription": it}), {"results_page": "r"}),
    "4.13": (lambda it: _listed({"send_fax": it}), {"fax_to_send": "a.tif"}),
    "4.14": (lambda it: _listed({"receive_fax": it}), {}),
    "5.1": (lambda it: _listed({"redirect": {"next_page": it}}), {"url": "n"}),
    "5.2.1": (_media, {"text_to_say": "Hello."}),
    "5.2.2": (_media, {"file_to_play": "a.wav"}),
    "5.4.4": (
        lambda it: _listed({"get_input": {"next_page": "n", "digit_input_options": it}}),
        {},
    ),
    "5.4.1": (
        lambda it: _listed({"get_input": {"next_page": "n", "speech_recognition_options": it}}),
        {},
    ),
    "5.5": (
        lambda it: _listed({"play": {"play_list": [], "barge_in_on_speech_options": it}}),
        {},
    ),
    "5.7": (
        lambda it: _listed({"connect_to_conference": {"name": "c", "conference_participant": it}}),
        {},
    ),
    "5.8": (lambda it: _listed({"connect": {**TO, "secondary_call": it}}), {}),
    "5.9": (lambda it: _listed({"connect": {**TO, "classify_callee": it}}), {}),
    "5.10": (
        lambda it: _listed({"record": {"next_page": "n", "encryption_cipher": it}}),
        {"type": "aescbc", "key": "0f" * 16, "initialisation_vector": "0f" * 16},
    ),
}
"""How an object of each section becomes an answer, and the least that it holds."""


PROPERTIES: Final = [
    (section, name.strip("`"), default)
    for section in HOLDERS
    for name, _, default, _ in _rows(section)
]


def _parsed(answer: Properties) -> PageAnswer:
    return parse_answer(json.dumps(answer).encode(), api_version="2.0")


@pytest.mark.parametrize(("section", "name", "default"), PROPERTIES)
def test_a_property_is_known_and_its_default_is_true(section: str, name: str, default: str) -> None:
    held, least = HOLDERS[section]
    try:
        warnings = _parsed(held({**least, name: {"?": 1}})).warnings
    except BadAnswer:
        warnings = ()
    assert [text for text in warnings if text.endswith(f"{name} is not known and ignored")] == []

    without = held({key: value for key, value in least.items() if key != name})
    if default == "required":
        with pytest.raises(BadAnswer):
            _parsed(without)
    elif default.startswith("`"):
        given = _parsed(held({**least, name: json.loads(default.strip("`"))}))
        assert (given.actions, given.token) == (_parsed(without).actions, _parsed(without).token)


INPUTS: Final[dict[str, Properties]] = {
    "get_input": {"next_page": "n"},
    "get_number": {"next_page": "n"},
    "run_menu": {"menu_options": [OPTION]},
    "run_speech_menu": {"menu_options": [OPTION]},
}


def test_the_texts_of_messages_are_quoted() -> None:
    shown = " ".join(DOCUMENT.split())
    for name, least in INPUTS.items():
        [action] = _parsed(_listed({name: least})).actions
        assert isinstance(action, GetInput | GetNumber | RunMenu | RunSpeechMenu)
        for message in (*action.prompting.timeout_messages, *action.prompting.invalid_messages):
            [text] = message.play_list
            assert isinstance(text, Text)
            assert f"“{text.text}”" in shown


def test_every_action_is_named() -> None:
    named = re.findall(r"`(\w+)`", SECTIONS["4"].partition("Any other name")[0])
    assert sorted(named) == sorted(WIRE_NAMES.values())


def test_the_table_of_errors_is_that_of_the_code() -> None:
    declared = {"errors.py", "faults.py"}
    raised = {
        FaultCode[name]
        for path, text in SOURCES.items()
        if path.name not in declared
        for name in re.findall(r"FaultCode\.([A-Z_]+)", text)
    }
    faults = [InstanceFault(code, "") for code in FaultCode if code in raised]
    expected = {(f"`{it.code}`", str(it.error_code), str(it.exit_status)) for it in faults}
    shown = {(code, report, status) for code, _, report, status in _rows("8.1")[1:]}
    assert shown == expected


def test_the_table_of_sip_statuses_is_that_of_the_code() -> None:
    rows = [row for row in _rows("8.3") if row[0][0].isdigit()]
    shown = {int(one): cause for text, cause in rows for one in re.findall(r"\d{3}", text)}
    for status in range(300, 700):
        cause = cause_of_sip_failure(status).call_cause
        assert shown.get(status, "`failed`") == f"`{cause}`", status


# --- examples ---


def _is_action(example: Properties) -> bool:
    return len(example) == 1 and set(example) <= set(WIRE_NAMES.values())


ANSWERS: Final = [it for it in EXAMPLES if "actions" in it]
ACTIONS: Final[dict[str, Properties]] = {
    name: it for it in EXAMPLES if _is_action(it) for name in it
}
REQUESTS: Final = [it for it in EXAMPLES if "actions" not in it and not _is_action(it)]


def test_answers_and_actions_are_good() -> None:
    assert ANSWERS
    assert ACTIONS
    for answer in [*ANSWERS, *(_listed(action) for action in ACTIONS.values())]:
        assert _parsed(answer).warnings == ()


def test_requests_are_what_pages_are_told_after_these_answers() -> None:
    [first] = [Says(json.dumps(answer).encode()) for answer in ANSWERS]
    told = [
        *_told(
            {
                "first": first,
                "digits": says(ACTIONS["record"], token="greeted"),
                "recorded": Says(status=204),
                "stored": Says(status=204),
            },
            FarEnd(keys=tuple((3.5 + index, key) for index, key in enumerate("4711"))),
        ),
        *_told({"first": says(ACTIONS["get_input"]), "chosen": says()}, FarEnd(keys=((3, "2"),))),
        *_told({"first": says(ACTIONS["play"]), "error": says()}),
        *_told({}, FarEnd(refuses=cause_of_sip_failure(486))),
    ]
    assert len(REQUESTS) > 5
    for shown in REQUESTS:
        is_whole = "application_instance_id" in shown
        assert any(_same(shown, one) if is_whole else _is_part(shown, one) for one in told), shown


def _same(shown: Properties, told: Properties) -> bool:
    """Whether they are equal, the order of members too."""
    return json.dumps(shown) == json.dumps(told)


def _is_part(shown: Any, told: Any) -> bool:
    if isinstance(shown, dict) and isinstance(told, dict):
        return all(name in told and _is_part(shown[name], told[name]) for name in shown)
    return bool(shown == told)


STARTED_AT: Final = UnixTime(datetime(2026, 11, 21, 9, 30, 2, tzinfo=UTC).timestamp())
CALL_ID: Final = CallId("3423b527a2c5c81c.2.593492558")
INSTANCE: Final = replace(
    rest_instance(
        replace(APPLICATION, application_parameters=""),
        ServiceStart(
            to="443069990100",
            caller_id="443069999876",
            token="customer-5521",
            outbound_parameters="visit 17",
        ),
    ),
    instance_id=InstanceId("3423b527a2c5c81c.1"),
    call_id=CALL_ID,
    destination_address="tel:443069990100",
    started_at=STARTED_AT,
)


PARTIES: Final = CallParties(CallDirection.OUT, "443069999876", "443069990100", "443069990100")


class _NoLogs:
    def append(self, account_id: AccountId, filename: str, text: str) -> None:
        """Forget it: REST logs have tests of their own."""


def _told(pages: Mapping[str, PageScript], far_end: FarEnd | None = None) -> list[Properties]:
    """Run an instance on these answers; return what its pages were told."""
    clock = VirtualClock(epoch=STARTED_AT - VirtualClock().seconds)
    scripts: dict[str, list[PageScript]] = {name: [script] for name, script in pages.items()}
    web = ScriptedPages({"final": [Says(status=204)], **scripts}, clock)
    run = InstanceRun(
        instance=INSTANCE,
        call=ScriptedCall(clock, far_end or FarEnd(), call_id=CALL_ID, parties=PARTIES),
        secondaries=ScriptedSecondaries(clock),
        pages=web,
        facts=KeptFacts(),
        around=replace(surroundings(clock), logs=_NoLogs()),
    )

    async def to_the_end() -> None:
        await run.run()
        await run.finish()

    run_on(clock, to_the_end())
    return [info for _, info in web.asked]
