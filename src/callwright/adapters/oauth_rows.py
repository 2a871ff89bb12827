"""Programs that may ask for tokens, and what they got, as rows; the same in every store."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from callwright.accounts.oauth_ports import Application, AuthorizationCode, Token

Columns = Mapping[str, Any]  # what a driver takes; its tables check it
Values = Iterable[Any]  # what a row holds is its statement's affair; it is typed here

_encode: Final = msgspec.json.Encoder().encode
_read_grants: Final = msgspec.json.Decoder(frozenset[str]).decode


def application_of(row: Values) -> Application:
    """Read a program that may ask for tokens."""
    key, secret_hash, account_id, name, grants, redirect_uri, may_schedule = row
    return Application(
        key, secret_hash, account_id, name, _read_grants(grants), redirect_uri, bool(may_schedule)
    )


def application_columns(application: Application) -> Columns:
    """Return what is written of such a program."""
    return {
        "key": application.key,
        "secret_hash": application.secret_hash,
        "account_id": application.account_id,
        "name": application.name,
        "grants": _encode(sorted(application.grants)).decode(),
        "redirect_uri": application.redirect_uri,
        "may_schedule": application.may_schedule,
    }


def token_of(row: Values) -> Token:
    """Read a token."""
    token_hash, account_id, application_key, expires_at, is_refresh, code_hash = row
    return Token(
        bytes(token_hash),
        account_id,
        application_key,
        expires_at,
        bool(is_refresh),
        None if code_hash is None else bytes(code_hash),
    )


def token_columns(token: Token) -> Columns:
    """Return what is written of a token."""
    return {
        "token_hash": token.token_hash,
        "account_id": token.account_id,
        "application_key": token.application_key,
        "expires_at": token.expires_at,
        "is_refresh": token.is_refresh,
        "code_hash": token.code_hash,
    }


def code_of(row: Values) -> AuthorizationCode:
    """Read an authorization code."""
    code_hash, account_id, application_key, redirect_uri, challenge, expires_at, is_spent = row
    return AuthorizationCode(
        bytes(code_hash),
        account_id,
        application_key,
        redirect_uri,
        challenge,
        expires_at,
        bool(is_spent),
    )


def code_columns(code: AuthorizationCode) -> Columns:
    """Return what is written of a new authorization code."""
    return {
        "code_hash": code.code_hash,
        "account_id": code.account_id,
        "application_key": code.application_key,
        "redirect_uri": code.redirect_uri,
        "challenge": code.challenge,
        "expires_at": code.expires_at,
    }
