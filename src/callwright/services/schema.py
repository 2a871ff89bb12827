"""The schema of an outbound service's configuration (JSON Schema draft-07): one source for
validation, defaults, documentation and console.

It validates *complete* configurations, so only the conditional rules need `required`. `default`
members drive the default configuration. Errors come in keyword order, hence `properties` before
`allOf`; the `description` of a failed `then` is the hint at the end of its errors.
"""

from typing import Final

from callwright.domain.account import CallLimits
from callwright.protocol.strict_json import Json

JsonObject = dict[str, Json]

MAX_LIST_LENGTH: Final = 500
"""Entries of one list of a configuration (assumed): prefixes of every country fit. Comparing
each with each, as `uniqueItems` may have to, stays below 100 ms."""


def schema_for(limits: CallLimits) -> JsonObject:
    """Return the schema for an account: its starts a second bound those of its services."""
    cps: JsonObject = {
        "description": "Service starts per second. null: the account's value applies.",
        "type": ["null", "number"],
        "exclusiveMinimum": 0,
        "maximum": limits.maximum_cps,
        "default": None,
    }
    return _SCHEMA | {"definitions": _DEFINITIONS | {"cps": cps}}


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
        "speech_streams": {
            "description": "Speech streams one instance may use at a time.",
            "type": "integer",
            "minimum": 0,
            "maximum": 8,
            "default": 0,
        },
    },
    "additionalProperties": False,
}

_REST: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "first_page": {"$ref": "#/definitions/page"},
        "final_page": {"$ref": "#/definitions/page"},
        "error_page": {"$ref": "#/definitions/page"},
        "api_version": {"type": "string", "enum": ["1.0", "2.0"], "default": "2.0"},
        "application_parameters": {"$ref": "#/definitions/application_parameters"},
        "tts_voice": {
            "description": "Voice selector used when an action names none.",
            "type": "string",
            "minLength": 1,
            "maxLength": 128,
            "default": "English UK Female Polly Amy",
        },
        "authentication": {
            "description": (
                "Credentials presented to the application's web server on page requests."
            ),
            "type": "object",
            "properties": {
                "username": {"type": ["null", "string"], "maxLength": 128, "default": None},
                "password": {"type": ["null", "string"], "maxLength": 128, "default": None},
            },
            "additionalProperties": False,
        },
        "call_recording": {
            "description": (
                "Recording of the whole primary call, both directions, into the media file store."
            ),
            "type": "object",
            "properties": {
                "enabled": {"type": "boolean", "default": False},
                "encryption": {
                    "description": "Requires the first page's response to supply a cipher.",
                    "type": "boolean",
                    "default": False,
                },
                "eliminate_dtmf": {"type": "boolean", "default": True},
                "mode": {"type": "string", "enum": ["mixed", "separate"], "default": "mixed"},
            },
            "additionalProperties": False,
        },
        "max_call_duration": {
            "description": "Minutes after which the primary call is hung up.",
            "type": "integer",
            "minimum": 1,
            "maximum": 240,
            "default": 240,
        },
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

_CONSTRAINTS: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "minimum_guaranteed_cps": {"$ref": "#/definitions/cps"},
        "maximum_allowed_cps": {"$ref": "#/definitions/cps"},
        "blocked_prefixes": {"$ref": "#/definitions/prefix_list"},
        "allowed_prefixes": {"$ref": "#/definitions/prefix_list"},
        "price_cap": {
            "description": (
                "Highest per-minute price, in US dollars, of a telephone call. null: no cap."
            ),
            "type": ["null", "number"],
            "minimum": 0,
            "default": None,
        },
    },
    "additionalProperties": False,
}

_FAX: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "send": {"type": "boolean", "default": False},
        "receive": {"type": "boolean", "default": False},
        "subscriber_id": {
            "type": ["null", "string"],
            "maxLength": 20,
            "pattern": "^[0-9+]*$",
            "default": None,
        },
        "modems": {
            "type": "array",
            "items": {"type": "string", "enum": ["v17", "v29", "v27"]},
            "minItems": 1,
            "uniqueItems": True,
            "default": ["v17", "v29", "v27"],
        },
    },
    "additionalProperties": False,
}

_UAS: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "application_name": {
            "description": "Name of an application that a connected UAS offers. Mandatory for UAS.",
            "type": ["null", "string"],
            "minLength": 1,
            "maxLength": 128,
            "default": None,
        },
        "application_parameters": {"$ref": "#/definitions/application_parameters"},
    },
    "additionalProperties": False,
}

_DEFINITIONS: Final[JsonObject] = {
    "page": {
        "type": "object",
        "properties": {
            "address": {
                "description": "Absolute http or https URL.",
                "type": ["null", "string"],
                "minLength": 8,
                "maxLength": 2048,
                "default": None,
            },
            "method": {"type": "string", "enum": ["GET", "POST"], "default": "POST"},
        },
        "additionalProperties": False,
    },
    "application_parameters": {
        "description": "Free text handed to every instance of the application.",
        "type": ["null", "string"],
        "maxLength": 1024,
        "default": None,
    },
    "prefix_list": {
        "description": "Leading digits of full international numbers.",
        "type": "array",
        "items": {"type": "string", "pattern": "^[1-9][0-9]{0,14}$"},
        "uniqueItems": True,
        "default": [],
    },
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

_SCHEMA: Final[JsonObject] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "Outbound Service Configuration Schema",
    "description": (
        "Validates a complete outbound service configuration, that is: the defaults (on Write) or "
        "the stored configuration (on Modify) with the supplied options laid over it."
    ),
    "type": "object",
    "properties": {
        "enabled": {
            "description": "When false the service accepts no service starts.",
            "type": "boolean",
            "default": True,
        },
        "service_password": {
            "description": "Password that authenticates service_start for this service. Mandatory.",
            "type": ["null", "string"],
            "minLength": 1,
            "maxLength": 128,
            "default": None,
        },
        "description": {"type": ["null", "string"], "maxLength": 256, "default": None},
        "extra_channels": {
            "description": (
                "Extra outbound channels each application instance may use besides its primary "
                "call."
            ),
            "type": "integer",
            "minimum": 0,
            "maximum": 3,
            "default": 0,
        },
        "g729": {
            "description": "Offer the G.729 codec. Only if the account has it.",
            "type": "boolean",
            "default": False,
        },
        "call_constraints": _CONSTRAINTS,
        "application_type": {"type": "string", "enum": ["UAS", "REST"], "default": "UAS"},
        "uas": _UAS,
        "rest": _REST,
        "fax": _FAX,
    },
    "definitions": _DEFINITIONS,
    "allOf": [_FOR_UAS, _FOR_REST],
    "additionalProperties": False,
}
