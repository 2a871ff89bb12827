"""The schema of an outbound service's configuration (JSON Schema draft-07).

It validates *complete* configurations, so only the conditional rules need `required`. Errors come
in keyword order, hence `properties` before `allOf`; the `description` of a failed `then` is the
hint at the end of its errors.
"""

from typing import Final

from callwright.services.options import (
    API_VERSION,
    APPLICATION_PARAMETERS,
    APPLICATION_TYPE,
    AUTHENTICATION,
    CALL_CONSTRAINTS,
    CALL_RECORDING,
    CONNECT_NEXT_PAGE_ON_FAILURE,
    DEFINITIONS,
    DESCRIPTION,
    ENABLED,
    EXTRA_CHANNELS,
    FAX,
    G729,
    MAX_CALL_DURATION,
    PAGE,
    SPEECH_STREAMS,
    TTS_VOICE,
    UAS,
    JsonObject,
)

_CALL_CONFIGURATION: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "call_type": {
            "description": "What a destination without a prefix means.",
            "type": "string",
            "enum": ["telephone", "conference"],
            "default": "telephone",
        },
        "far_end_classification": {
            "type": "object",
            "properties": {
                "enabled": {"type": "boolean", "default": False},
                "hang_up_on_answering_machine": {"type": "boolean", "default": True},
                "hang_up_on_fax_machine": {"type": "boolean", "default": True},
                "mode": {
                    "type": "string",
                    "enum": ["default", "network_connect", "answer_detect"],
                    "default": "default",
                },
                "milliseconds_timeout": {
                    "type": "integer",
                    "minimum": 500,
                    "maximum": 5000,
                    "default": 5000,
                },
            },
            "additionalProperties": False,
        },
        "speech_streams": SPEECH_STREAMS,
        "connect_next_page_on_failure": CONNECT_NEXT_PAGE_ON_FAILURE,
    },
    "additionalProperties": False,
}

_REST: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "first_page": PAGE,
        "final_page": PAGE,
        "error_page": PAGE,
        "api_version": API_VERSION,
        "application_parameters": APPLICATION_PARAMETERS,
        "tts_voice": TTS_VOICE,
        "authentication": AUTHENTICATION,
        "call_recording": CALL_RECORDING,
        "max_call_duration": MAX_CALL_DURATION,
        "answer_timeout": {
            "description": "Seconds allowed for the outbound call to be answered.",
            "type": "integer",
            "minimum": 1,
            "maximum": 300,
            "default": 30,
        },
        "call_configuration": _CALL_CONFIGURATION,
    },
    "additionalProperties": False,
}

_FOR_UAS: Final[JsonObject] = {
    "if": {"properties": {"application_type": {"const": "UAS"}}},
    "then": {
        "description": "For UAS, you must provide an application_name and a service_password.",
        "properties": {
            "service_password": {"type": "string"},
            "uas": {
                "properties": {"application_name": {"type": "string"}},
                "required": ["application_name"],
            },
        },
        "required": ["service_password", "uas"],
    },
}

_FOR_REST: Final[JsonObject] = {
    "if": {"properties": {"application_type": {"const": "REST"}}, "required": ["application_type"]},
    "then": {
        "description": (
            "For REST, you must provide a first_page, a service_password and you can not enable "
            "fax receive."
        ),
        "properties": {
            "service_password": {"type": "string"},
            "rest": {
                "properties": {
                    "first_page": {
                        "properties": {"address": {"type": "string"}},
                        "required": ["address"],
                    }
                },
                "required": ["first_page"],
            },
            "fax": {"properties": {"receive": {"const": False}}},
        },
        "required": ["service_password", "rest"],
    },
}

OUTBOUND_SCHEMA: Final[JsonObject] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "Outbound Service Configuration Schema",
    "description": (
        "Validates a complete outbound service configuration, that is: the defaults (on Write) or "
        "the stored configuration (on Modify) with the supplied options laid over it."
    ),
    "type": "object",
    "properties": {
        "enabled": {"description": "When false the service accepts no service starts."} | ENABLED,
        "service_password": {
            "description": "Password that authenticates service_start for this service. Mandatory.",
            "type": ["null", "string"],
            "minLength": 1,
            "maxLength": 128,
            "default": None,
        },
        "description": DESCRIPTION,
        "extra_channels": EXTRA_CHANNELS,
        "g729": G729,
        "call_constraints": CALL_CONSTRAINTS,
        "application_type": APPLICATION_TYPE,
        "uas": UAS,
        "rest": _REST,
        "fax": FAX,
    },
    "definitions": DEFINITIONS,
    "allOf": [_FOR_UAS, _FOR_REST],
    "additionalProperties": False,
}
