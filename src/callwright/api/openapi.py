"""The OpenAPI 3.1 document, built from the table of routes."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from callwright.api.operations import (
    KEY_SCHEME,
    PASSWORD_SCHEME,
    TOKEN_SCHEME,
    Credentials,
    JsonSchema,
    Operation,
    Parameter,
)
from callwright.api.shapes import SHAPES, reference
from callwright.api.wire import MULTIPART, URLENCODED

_CONVERTOR: Final = re.compile(r"{(\w+):\w+}")
"""Starlette's `{name:path}`; OpenAPI knows `{name}` alone."""


def openapi_document(
    operations: Sequence[Operation], *, server_url: str, version: str
) -> JsonSchema:
    """Describe all operations."""
    paths: dict[str, JsonSchema] = {}
    for operation in operations:
        path = paths.setdefault(openapi_path(operation.path), {})
        for method in operation.methods:
            path[method.lower()] = _operation(operation, method)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Callwright web services",
            "version": version,
            "description": "Queue a call with one HTTP request; it is placed, run and recorded.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server_url}],
        "paths": paths,
        "components": {
            "schemas": SHAPES,
            "securitySchemes": {
                KEY_SCHEME: {
                    "type": "http",
                    "scheme": "basic",
                    "description": "Username `cloudID/username`, password the API Access Key.",
                },
                PASSWORD_SCHEME: {
                    "type": "http",
                    "scheme": "basic",
                    "description": "Username `cloudID/username/service`, password the service's.",
                },
                TOKEN_SCHEME: {
                    "type": "oauth2",
                    "description": "A token from `POST /oauth/token`, sent as a bearer token.",
                    "flows": {
                        "clientCredentials": {
                            "tokenUrl": "/oauth/token",
                            "scopes": {"all": "everything"},
                        },
                        "authorizationCode": {
                            "authorizationUrl": "/oauth/authorize",
                            "tokenUrl": "/oauth/token",
                            "scopes": {"all": "everything"},
                        },
                    },
                },
            },
        },
    }


def openapi_path(path: str) -> str:
    """Spell a path of the router as OpenAPI does."""
    return _CONVERTOR.sub(r"{\1}", path)


def _operation(operation: Operation, method: str) -> JsonSchema:
    several = len(operation.methods) > 1
    described: JsonSchema = {
        "operationId": f"{operation.name}_{method.lower()}" if several else operation.name,
        "summary": operation.summary,
        "description": operation.text,
        "responses": _responses(operation),
    }
    in_form = method == "POST" and operation.body is None
    parameters = [
        _parameter(operation, parameter)
        for parameter in operation.parameters
        if not in_form or _is_in_path(operation, parameter)
    ]
    if parameters:
        described["parameters"] = parameters
    if in_form:
        form = {"schema": _form(operation)}
        types = (MULTIPART,) if operation.content_part else (URLENCODED, MULTIPART)
        described["requestBody"] = {"content": dict.fromkeys(types, form)}
    elif operation.body is not None:
        described["requestBody"] = {
            "required": operation.body_required,
            "content": {"application/json": {"schema": operation.body}},
        }
    if operation.credentials is not Credentials.NONE:
        described["security"] = [{scheme: []} for scheme in operation.credentials.schemes]
    return described


def _responses(operation: Operation) -> JsonSchema:
    responses: JsonSchema = {}
    error = {"application/json": {"schema": reference(operation.error)}}
    for status, success in operation.successes.items():
        media: JsonSchema = {} if success.schema is None else {"schema": success.schema}
        content = {"content": {success.media_type: media}} if success.media_type else {}
        responses[str(status)] = {"description": success.text, **content}
    refusal = {"text/html": {}} if operation.refuses_with_a_page else error
    for status in operation.refusals:
        responses[str(status)] = {"description": HTTPStatus(status).phrase, "content": refusal}
    responses["default"] = {"description": "Any other error", "content": error}
    return responses


def _parameter(operation: Operation, parameter: Parameter) -> JsonSchema:
    described: JsonSchema = {
        "name": parameter.name,
        "in": "path" if _is_in_path(operation, parameter) else "query",
        "required": parameter.required,
        "description": parameter.text,
        "schema": _value(parameter),
    }
    if parameter.example:
        is_list = parameter.is_repeatable
        described["example"] = [parameter.example] if is_list else parameter.example
    return described


def _is_in_path(operation: Operation, parameter: Parameter) -> bool:
    return f"{{{parameter.name}}}" in openapi_path(operation.path)


def _value(parameter: Parameter) -> JsonSchema:
    one: JsonSchema = {"type": "string"}
    return {"type": "array", "items": one, "minItems": 1} if parameter.is_repeatable else one


def _form(operation: Operation) -> JsonSchema:
    parameters, content = operation.parameters, operation.content_part
    fields = {
        parameter.name: _value(parameter) | {"description": parameter.text}
        for parameter in parameters
    }
    required = [parameter.name for parameter in parameters if parameter.required]
    if content:
        fields[content] = {"type": "string", "format": "binary", "description": "The file."}
        required.append(content)
    return {"type": "object", "properties": fields, "required": required}
