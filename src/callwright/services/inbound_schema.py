"""The schema of an inbound service's configuration (JSON Schema draft-07).

Nothing is mandatory: a call to a service without an application is rejected.
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
        "early_media": {
            "description": "Leave it to the application to answer or reject the call.",
            "type": "boolean",
            "default": False,
        },
        "reported_sip_headers": {
            "description": "Names of INVITE headers that are passed to the application.",
            "type": "array",
            # A token (RFC 3261 25.1); no header that anybody sends has a longer name.
            "items": {"type": "string", "pattern": "^[A-Za-z0-9\\-.!%*_+`'~]{1,64}$"},
            "uniqueItems": True,
            "default": [],
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
        "call_configuration": _CALL_CONFIGURATION,
    },
    "additionalProperties": False,
}

_MESSAGES: Final[JsonObject] = {
    "description": "Where messages to the service's number are reported.",
    "type": "object",
    "properties": {"notification_page": PAGE},
    "additionalProperties": False,
}

_ACCESS: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "allowed_addresses": {
            "description": "IP networks allowed to call by SIP. Empty: any.",
            "type": "array",
            "items": {"type": "string", "maxLength": 43},  # the longest IPv6 network
            "uniqueItems": True,
            "default": [],
        }
    },
    "additionalProperties": False,
}

INBOUND_SCHEMA: Final[JsonObject] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "Inbound Service Configuration Schema",
    "description": (
        "Validates a complete inbound service configuration, that is: the defaults (on Write) or "
        "the stored configuration (on Modify) with the supplied options laid over it."
    ),
    "type": "object",
    "properties": {
        "enabled": {"description": "When false calls to the service are rejected."} | ENABLED,
        "description": DESCRIPTION,
        "extra_channels": EXTRA_CHANNELS,
        "g729": G729,
        "call_constraints": CALL_CONSTRAINTS,
        "application_type": APPLICATION_TYPE,
        "uas": UAS,
        "rest": _REST,
        "fax": FAX,
        "messages": _MESSAGES,
        "access": _ACCESS,
    },
    "definitions": DEFINITIONS,
    "additionalProperties": False,
}
