"""The options that outbound and inbound services share, as parts of a JSON Schema (draft-07).

`default` members drive the default configurations.
"""

from typing import Final

from callwright.protocol.strict_json import Json

JsonObject = dict[str, Json]

MAX_LIST_LENGTH: Final = 500
"""Entries of one list of a configuration (assumed): prefixes of every country fit. Comparing
each with each, as `uniqueItems` may have to, stays below 100 ms."""

MAX_PRICE: Final = 1_000_000
"""Dollars a minute that a cap may say: any higher one is none, and every reader can take it."""

ENABLED: Final[JsonObject] = {"type": "boolean", "default": True}

DESCRIPTION: Final[JsonObject] = {"type": ["null", "string"], "maxLength": 256, "default": None}

EXTRA_CHANNELS: Final[JsonObject] = {
    "description": (
        "Extra outbound channels each application instance may use besides its primary call."
    ),
    "type": "integer",
    "minimum": 0,
    "default": 0,
}

G729: Final[JsonObject] = {
    "description": "Offer the G.729 codec. Only if the account has it.",
    "type": "boolean",
    "default": False,
}

APPLICATION_TYPE: Final[JsonObject] = {"type": "string", "enum": ["UAS", "REST"], "default": "UAS"}

PAGE: Final[JsonObject] = {"$ref": "#/definitions/page"}

APPLICATION_PARAMETERS: Final[JsonObject] = {"$ref": "#/definitions/application_parameters"}

SPEECH_STREAMS: Final[JsonObject] = {
    "description": "Speech streams one instance may use at a time.",
    "type": "integer",
    "minimum": 0,
    "maximum": 8,
    "default": 0,
}

API_VERSION: Final[JsonObject] = {"type": "string", "enum": ["1.0", "2.0"], "default": "2.0"}

TTS_VOICE: Final[JsonObject] = {
    "description": "Voice selector used when an action names none.",
    "type": "string",
    "minLength": 1,
    "maxLength": 128,
    "default": "English UK Female Polly Amy",
}
"""Free text: selectors of voices that are not installed keep working, with the default voice."""

AUTHENTICATION: Final[JsonObject] = {
    "description": "Credentials presented to the application's web server on page requests.",
    "type": "object",
    "properties": {
        "username": {"type": ["null", "string"], "maxLength": 128, "default": None},
        "password": {"type": ["null", "string"], "maxLength": 128, "default": None},
    },
    "additionalProperties": False,
}

CALL_RECORDING: Final[JsonObject] = {
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
}

MAX_CALL_DURATION: Final[JsonObject] = {
    "description": "Minutes after which the primary call is hung up.",
    "type": "integer",
    "minimum": 1,
    "maximum": 240,
    "default": 240,
}

CONNECT_NEXT_PAGE_ON_FAILURE: Final[JsonObject] = {
    "description": (
        "Whether connect requests its next page also when nobody answered, as version 1.0 did."
    ),
    "type": "boolean",
    "default": False,
}

CALL_CONSTRAINTS: Final[JsonObject] = {
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
            "maximum": MAX_PRICE,
            "default": None,
        },
    },
    "additionalProperties": False,
}

UAS: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "application_name": {
            "description": "Name of an application that a connected UAS offers.",
            "type": ["null", "string"],
            "minLength": 1,
            "maxLength": 128,
            "default": None,
        },
        "application_parameters": {"$ref": "#/definitions/application_parameters"},
    },
    "additionalProperties": False,
}

FAX: Final[JsonObject] = {
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

DEFINITIONS: Final[JsonObject] = {
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
    "cps": {
        "description": "Service starts per second. null: the account's value applies.",
        "type": ["null", "number"],
        "exclusiveMinimum": 0,
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
