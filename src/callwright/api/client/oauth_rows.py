"""Rows of the table of routes: tokens, and people who are asked for them (section 13)."""

from typing import Final

from callwright.api.client.authorize import decide_authorization, show_authorization
from callwright.api.client.envelope import TOKEN_BASE
from callwright.api.client.tokens import give_token
from callwright.api.operations import Credentials, Operation, Parameter, Success
from callwright.api.shapes import reference

_REQUEST: Final = (
    Parameter("response_type", "code.", required=True, example="code"),
    Parameter("client_id", "The application's key.", required=True),
    Parameter("redirect_uri", "Exactly the registered one, or left out."),
    Parameter("scope", "all, or left out."),
    Parameter("state", "Handed back as it is: what ties the answer to your user's session."),
    Parameter(
        "code_challenge",
        "RFC 7636: base64url of SHA-256 of the code_verifier; required of public applications.",
    ),
    Parameter("code_challenge_method", "S256, with code_challenge."),
)

_BACK: Final = Success(
    "Back to redirect_uri with code, state and iss (RFC 9207), or with error.",
    media_type="text/html",
)

_SHOW: Final = Operation(
    name="show_authorization",
    path=f"{TOKEN_BASE}/authorize",
    methods=("GET",),
    handler=show_authorization,
    credentials=Credentials.NONE,
    summary="Ask a person for a code",
    text="Send the browser of your user here (RFC 6749 4.1). The page says who asks, and takes the "
    "username and an API Access Key of the account that the application belongs to. The code is "
    "good for 60 seconds and for one token.",
    parameters=_REQUEST,
    successes={200: Success("The page.", media_type="text/html"), 303: _BACK},
    refusals=(400, 429, 503),
    refuses_with_a_page=True,
    error="GrantError",
    docs="callbacks",
)

_DECIDE: Final = Operation(
    name="decide_authorization",
    path=f"{TOKEN_BASE}/authorize",
    methods=("POST",),
    handler=decide_authorization,
    credentials=Credentials.NONE,
    summary="Allow or deny",
    text="Sent by the page, with the request's parameters in the query: not for programs.",
    parameters=(
        Parameter("form_token", "Of the page, for the browser that it was shown to."),
        Parameter("decision", "allow; anything else denies.", example="allow"),
        Parameter("username", "The account's username."),
        Parameter("password", "Its API Access Key."),
    ),
    successes={303: _BACK},
    refusals=(400, 403, 413, 415, 429, 503),
    refuses_with_a_page=True,
    error="GrantError",
    docs="callbacks",
)

_TOKEN: Final = Operation(
    name="give_token",
    path=f"{TOKEN_BASE}/token",
    methods=("POST",),
    handler=give_token,
    credentials=Credentials.NONE,
    summary="Ask for a token",
    text="RFC 6749. The grants are client_credentials, password (the account's username and API "
    "Access Key), refresh_token, which serves once, and authorization_code. The application's key "
    "and secret may stand in the header as well, as HTTP Basic.",
    parameters=(
        Parameter("grant_type", "The grant.", required=True, example="client_credentials"),
        Parameter("client_id", "The application's key.", required=True),
        Parameter("client_secret", "The application's secret; a public one has none."),
        Parameter("username", "password: the account's username."),
        Parameter("password", "password: its API Access Key."),
        Parameter("code", "authorization_code: what the browser brought."),
        Parameter("redirect_uri", "authorization_code: as the code was asked with."),
        Parameter("code_verifier", "authorization_code: what code_challenge was made of."),
        Parameter("refresh_token", "refresh_token: what came with the last token."),
    ),
    successes={200: Success("A token for an hour.", reference("Token"))},
    refusals=(400, 401, 413, 415, 429, 503),
    error="GrantError",
    docs="callbacks",
)

OAUTH_ROWS: Final = (_TOKEN, _SHOW, _DECIDE)
"""In the order of the documents."""
