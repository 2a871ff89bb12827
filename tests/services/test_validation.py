"""What is wrong with a configuration is told in the published words, all of it at once."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.protocol.strict_json import Json
from callwright.services.defaults import default_configuration, lay_over
from callwright.services.options import JsonObject
from callwright.services.ports import ServiceKind
from callwright.services.schema import Allowance, schema_for
from callwright.services.validation import MAX_ERRORS, BadConfiguration, check

OUTBOUND, INBOUND = ServiceKind.OUTBOUND, ServiceKind.INBOUND
ALLOWANCE = Allowance(maximum_cps=5.0, fax=True)
FOR_REST = (
    "For REST, you must provide a first_page, a service_password "
    "and you can not enable fax receive."
)
FOR_UAS = "For UAS, you must provide an application_name and a service_password."
REST: JsonObject = {
    "service_password": "p@$$w0rd",
    "application_type": "REST",
    "rest": {"first_page": {"address": "http://11.222.33.44:50080/my_first_page"}},
}
UAS: JsonObject = {"service_password": "p@$$w0rd", "uas": {"application_name": "my_uas_app"}}


def complete(supplied: JsonObject) -> JsonObject:
    return lay_over(default_configuration(schema_for(OUTBOUND, ALLOWANCE)), supplied)


def inbound(supplied: JsonObject) -> JsonObject:
    return lay_over(default_configuration(schema_for(INBOUND, ALLOWANCE)), supplied)


def with_options(base: JsonObject, options: JsonObject) -> JsonObject:
    return complete(lay_over(base, options))


@pytest.mark.parametrize(
    "supplied",
    [
        UAS,
        UAS | {"description": "This is my outbound UAS service"},
        REST,
        lay_over(REST, {"rest": {"final_page": {"address": "http://11.222.33.44:50080/final"}}}),
        lay_over(REST, {"rest": {"error_page": {"address": "https://[::1]:8443/error?a=b#c"}}}),
        lay_over(REST, {"call_constraints": {"maximum_allowed_cps": 5}}),
        UAS | {"fax": {"receive": True}},
    ],
)
def test_the_published_examples_are_accepted(supplied: JsonObject) -> None:
    check(complete(supplied), OUTBOUND, ALLOWANCE)


TEXTS: list[tuple[JsonObject, list[str]]] = [
    (
        {"description": "This is my outbound REST service", "application_type": "REST"},
        [
            f"service_password None is not of type 'string'. {FOR_REST}",
            f"rest.first_page.address None is not of type 'string'. {FOR_REST}",
        ],
    ),
    (
        {
            "uas": {"application_name": 16},
            "rest": {"first_page": {"address": "woiern", "method": "haha"}},
        },
        [
            "uas.application_name 16 is not of type 'null' or 'string'.",
            "rest.first_page.address 'woiern' is too short.",
            "rest.first_page.method 'haha' is not one of ['GET', 'POST'].",
            f"service_password None is not of type 'string'. {FOR_UAS}",
            f"uas.application_name 16 is not of type 'string'. {FOR_UAS}",
        ],
    ),
    (
        {},
        [
            f"service_password None is not of type 'string'. {FOR_UAS}",
            f"uas.application_name None is not of type 'string'. {FOR_UAS}",
        ],
    ),
    (
        lay_over(REST, {"fax": {"receive": True}}),
        [f"fax.receive False was expected. {FOR_REST}"],
    ),
    (UAS | {"enabld": True}, ["Additional properties are not allowed ('enabld' was unexpected)."]),
    (
        lay_over(UAS, {"uas": {"name": "x"}}),
        ["uas Additional properties are not allowed ('name' was unexpected)."],
    ),
    (UAS | {"rest": 5}, ["rest 5 is not of type 'object'."]),
    (
        lay_over(UAS, {"call_constraints": {"blocked_prefixes": ["44", "0"]}}),
        ["call_constraints.blocked_prefixes.1 '0' does not match '^[1-9][0-9]{0,14}$'."],
    ),
    (
        lay_over(UAS, {"call_constraints": {"maximum_allowed_cps": 5.5}}),
        ["call_constraints.maximum_allowed_cps 5.5 is greater than the maximum of 5.0."],
    ),
    (
        lay_over(UAS, {"call_constraints": {"blocked_prefixes": ["44"] * 501}}),
        ["call_constraints.blocked_prefixes has 501 entries, at most 500 are allowed."],
    ),
]


@pytest.mark.parametrize(("supplied", "texts"), TEXTS)
def test_texts_are_the_published_ones_in_their_order(
    supplied: JsonObject, texts: list[str]
) -> None:
    with pytest.raises(BadConfiguration) as caught:
        check(complete(supplied), OUTBOUND, ALLOWANCE)
    assert list(caught.value.texts) == texts


def test_a_pattern_ends_where_the_text_ends() -> None:
    with pytest.raises(BadConfiguration) as caught:
        check(with_options(UAS, {"fax": {"subscriber_id": "44\n"}}), OUTBOUND, ALLOWANCE)
    assert list(caught.value.texts) == ["fax.subscriber_id '44\\n' does not match '^[0-9+]*$'."]


ALLOWED: list[tuple[JsonObject, Allowance, str]] = [
    ({"extra_channels": 4}, ALLOWANCE, "extra_channels 4 is greater than the maximum of 3."),
    (
        {"extra_channels": 1},
        Allowance(maximum_cps=5.0, extra_channels=0),
        "extra_channels 1 is greater than the maximum of 0.",
    ),
    ({"g729": True}, ALLOWANCE, "g729 False was expected."),
    ({"fax": {"send": True}}, Allowance(5.0), "fax.send False was expected."),
    (
        {"call_constraints": {"minimum_guaranteed_cps": 5}},
        Allowance(maximum_cps=1.0),
        "call_constraints.minimum_guaranteed_cps 5 is greater than the maximum of 1.0.",
    ),
]


@pytest.mark.parametrize(("options", "allowance", "text"), ALLOWED)
def test_an_account_allows_what_its_settings_say(
    options: JsonObject, allowance: Allowance, text: str
) -> None:
    with pytest.raises(BadConfiguration) as caught:
        check(with_options(UAS, options), OUTBOUND, allowance)
    assert list(caught.value.texts) == [text]


def test_an_account_with_everything_allows_everything() -> None:
    everything = Allowance(maximum_cps=5.0, g729=True, fax=True)
    options: JsonObject = {"g729": True, "extra_channels": 3, "fax": {"send": True}}
    check(with_options(UAS, options), OUTBOUND, everything)


INBOUND_GOOD: list[JsonObject] = [
    {},
    {"application_type": "REST"},
    {"application_type": "REST", "fax": {"receive": True}},
    {"access": {"allowed_addresses": ["192.0.2.0/24", "2001:db8::/32", "192.0.2.7"]}},
    {"rest": {"call_configuration": {"early_media": True, "reported_sip_headers": ["X-Token"]}}},
]


@pytest.mark.parametrize("supplied", INBOUND_GOOD)
def test_nothing_is_mandatory_for_an_inbound_service(supplied: JsonObject) -> None:
    check(inbound(supplied), INBOUND, ALLOWANCE)


INBOUND_BAD: list[tuple[JsonObject, str]] = [
    (
        {"service_password": "x"},
        "Additional properties are not allowed ('service_password' was unexpected).",
    ),
    (
        {"rest": {"answer_timeout": 30}},
        "rest Additional properties are not allowed ('answer_timeout' was unexpected).",
    ),
    (
        {"access": {"allowed_addresses": ["192.0.2.0/24", "192.0.2.7/24"]}},
        "access.allowed_addresses.1 '192.0.2.7/24' is not an IP network.",
    ),
    (
        {"messages": {"notification_page": {"address": "mailto:bob"}}},
        "messages.notification_page.address 'mailto:bob' is not an absolute http or https URL.",
    ),
    (
        {"rest": {"call_configuration": {"reported_sip_headers": ["X-A", "X-A"]}}},
        "rest.call_configuration.reported_sip_headers ['X-A', 'X-A'] has non-unique elements.",
    ),
]


@pytest.mark.parametrize(("supplied", "text"), INBOUND_BAD)
def test_an_inbound_service_has_options_of_its_own(supplied: JsonObject, text: str) -> None:
    with pytest.raises(BadConfiguration) as caught:
        check(inbound(supplied), INBOUND, ALLOWANCE)
    assert list(caught.value.texts) == [text]


def paths(options: Json, *path: str) -> Iterator[tuple[str, ...]]:
    """Walk to every option of a configuration, those that hold others too."""
    if path:
        yield path
    if isinstance(options, dict):
        for name, inner in options.items():
            yield from paths(inner, *path, name)


def at(path: tuple[str, ...], value: Json) -> JsonObject:
    for name in reversed(path):
        value = {name: value}
    assert isinstance(value, dict)
    return value


EVERY_OPTION = [
    (kind, configuration, path)
    for kind, configuration in ((OUTBOUND, with_options(REST, {})), (INBOUND, inbound({})))
    for path in paths(configuration)
]


@pytest.mark.parametrize(
    ("kind", "configuration", "path"),
    EVERY_OPTION,
    ids=[f"{kind}:{'.'.join(path)}" for kind, _, path in EVERY_OPTION],
)
def test_a_wrong_type_is_told_of_every_option_by_its_path(
    kind: ServiceKind, configuration: JsonObject, path: tuple[str, ...]
) -> None:
    # No option is a list of lists.
    wrong = lay_over(configuration, at(path, [[]]))
    with pytest.raises(BadConfiguration) as caught:
        check(wrong, kind, ALLOWANCE)
    name = ".".join(path)
    starts = (f"{name} [[]] is not of type ", f"{name}.0 [] is not ")
    assert any(text.startswith(starts) for text in caught.value.texts), caught.value.texts


BEYOND: list[tuple[JsonObject, str]] = [
    (
        {"call_constraints": {"minimum_guaranteed_cps": 3, "maximum_allowed_cps": 2}},
        "call_constraints.minimum_guaranteed_cps 3 is greater than the maximum_allowed_cps of 2.",
    ),
    (
        {"rest": {"authentication": {"username": "bob"}}},
        "rest.authentication username and password must both be set or both be null.",
    ),
]
NO_WEB_ADDRESSES = [
    "ftp://example.com/",
    "//example.com/",
    "/my_first_page",
    "http:///path",
    "http://example.com/a b",
    "http://example.com\r\nHost: x",
    "http://example.com:99999/",
    "http://[::1/",
]


@pytest.mark.parametrize(("options", "text"), BEYOND)
def test_rules_beyond_the_schema_are_told_the_same_way(options: JsonObject, text: str) -> None:
    with pytest.raises(BadConfiguration) as caught:
        check(with_options(REST, options), OUTBOUND, ALLOWANCE)
    assert list(caught.value.texts) == [text]


@pytest.mark.parametrize("address", NO_WEB_ADDRESSES)
def test_a_page_has_an_absolute_web_address(address: str) -> None:
    with pytest.raises(BadConfiguration) as caught:
        check(
            with_options(REST, {"rest": {"final_page": {"address": address}}}), OUTBOUND, ALLOWANCE
        )
    text = f"rest.final_page.address {address!r} is not an absolute http or https URL."
    assert list(caught.value.texts) == [text]


def test_one_error_stands_in_the_text_and_several_in_the_details() -> None:
    one = BadConfiguration(["a 1 is wrong."])
    assert (str(one), one.details) == ("Failed to validate configuration, a 1 is wrong.", ())
    two = BadConfiguration(["a 1 is wrong.", "b 2 is wrong."])
    assert str(two) == "Failed to validate configuration, see details for more information."
    assert two.details == ("a 1 is wrong.", "b 2 is wrong.")


def test_texts_are_bounded() -> None:
    supplied = with_options(
        UAS,
        {
            "service_password": "x" * 100_000,
            "call_constraints": {"blocked_prefixes": [0] * 500},
        },
    )
    with pytest.raises(BadConfiguration) as caught:
        check(supplied, OUTBOUND, ALLOWANCE)
    assert len(caught.value.texts) == MAX_ERRORS
    first = caught.value.texts[0]
    assert len(first) < 600
    assert first.startswith("service_password 'xxx")
    assert first.endswith("xxx' is too long.")


def test_the_published_members_stand_in_the_published_order() -> None:
    schema = schema_for(OUTBOUND, ALLOWANCE)
    assert list(schema) == [
        "$schema",
        "title",
        "description",
        "type",
        "properties",
        "definitions",
        "allOf",
        "additionalProperties",
    ]
    properties = schema["properties"]
    assert isinstance(properties, dict)
    assert list(properties) == list(complete({}))


def test_the_inbound_schema_has_no_conditional_rules() -> None:
    schema = schema_for(INBOUND, ALLOWANCE)
    assert schema["title"] == "Inbound Service Configuration Schema"
    assert "allOf" not in schema


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 10**25) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_OPTIONS = st.dictionaries(st.sampled_from(sorted(complete({}))) | st.text(), _JSON, max_size=4)


@settings(max_examples=150, deadline=None)
@given(_OPTIONS)
def test_whatever_is_supplied_is_accepted_or_refused_with_texts(
    supplied: dict[str, Json],
) -> None:
    for kind, configuration in (
        (OUTBOUND, with_options(REST, supplied)),
        (INBOUND, inbound(supplied)),
    ):
        try:
            check(configuration, kind, ALLOWANCE)
            texts = ["accepted"]
        except BadConfiguration as refusal:
            texts = list(refusal.texts)
        assert texts
