"""The API as a page for people: plain HTML from the OpenAPI document, nothing fetched."""

import json
from html import escape
from typing import Final

from callwright.api.operations import JsonSchema
from callwright.api.wire import MULTIPART

_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h2 { border-top: 1px solid #8886; padding-top: 1.2rem; margin-top: 2rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { background: #8882; padding: .8rem; border-radius: .4rem; overflow-x: auto; }
.method { display: inline-block; min-width: 3.2em; font-weight: 600; color: #2a7ab8; }
td, th { text-align: left; vertical-align: top; padding: .2rem 1rem .2rem 0; }
"""

_AUTHENTICATION: Final = {
    "api_access_key": "HTTP Basic: <code>cloudID/username</code> and the API Access Key",
    "service_password": "HTTP Basic: <code>cloudID/username/service</code> and its password",
    "client_token": "A bearer token from <code>/oauth/token</code>",
}


def render_docs(document: JsonSchema) -> str:
    """Print the document as one HTML page."""
    info = document["info"]
    sections = "".join(_section(path, operations) for path, operations in document["paths"].items())
    contents = "".join(
        f'<li><a href="#{escape(path)}"><code>{escape(path)}</code></a></li>'
        for path in document["paths"]
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1>"
        f"<p>{escape(info['description'])} For programs: "
        '<a href="/openapi.json">openapi.json</a>.</p>'
        f"<ul>{contents}</ul>{sections}{_shapes(document)}</body></html>"
    )


def _section(path: str, operations: JsonSchema) -> str:
    return f'<h2 id="{escape(path)}"><code>{escape(path)}</code></h2>' + "".join(
        _operation(method, operation) for method, operation in operations.items()
    )


def _operation(method: str, operation: JsonSchema) -> str:
    security = operation.get("security", [])
    authentication = "".join(
        f"<p>{_AUTHENTICATION[scheme]}</p>" for choice in security for scheme in choice
    )
    return (
        f'<h3><span class="method">{method.upper()}</span> {escape(operation["summary"])}</h3>'
        f"<p>{escape(operation['description'])}</p>{authentication}"
        f"{_parameters(operation)}{_responses(operation)}"
    )


def _parameters(operation: JsonSchema) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(parameter['name'])}</code></td>"
        f"<td>{'required' if parameter['required'] else ''}</td>"
        f"<td>{escape(parameter['description'])}{_example(parameter)}</td></tr>"
        for parameter in [*operation.get("parameters", []), *_parts(operation)]
    )
    if not rows and "requestBody" in operation:
        return f"<p>Body: {escape(', '.join(operation['requestBody']['content']))}</p>"
    return f"<table>{rows}</table>" if rows else ""


def _parts(operation: JsonSchema) -> list[JsonSchema]:
    """The parts of a form that is multipart alone; others have what the query has."""
    content = operation.get("requestBody", {}).get("content", {})
    if list(content) != [MULTIPART]:
        return []
    form = content[MULTIPART]["schema"]
    return [
        part | {"name": name, "required": name in form["required"]}
        for name, part in form["properties"].items()
    ]


def _example(parameter: JsonSchema) -> str:
    example = parameter.get("example")
    text = " ".join(example) if isinstance(example, list) else example
    return f"<br><code>{escape(text)}</code>" if text else ""


def _responses(operation: JsonSchema) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(status)}</code></td><td>{escape(response['description'])}</td>"
        f"<td>{_shape_links(response)}</td></tr>"
        for status, response in operation["responses"].items()
    )
    return f"<table>{rows}</table>"


def _shape_links(response: JsonSchema) -> str:
    names = [
        media["schema"]["$ref"].rpartition("/")[2]
        for media in response.get("content", {}).values()
        if "$ref" in media.get("schema", {})
    ]
    return " ".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name in names)


def _shapes(document: JsonSchema) -> str:
    return "<h2>Shapes</h2>" + "".join(
        f'<h3 id="{escape(name)}">{escape(name)}</h3>'
        f"<pre>{escape(json.dumps(shape, indent=2))}</pre>"
        for name, shape in document["components"]["schemas"].items()
    )
