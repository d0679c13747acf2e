"""The two ceremonies of WebAuthn (W3C, level 3): what the browser is asked, and whether its answer is genuine."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

LONGEST_ANSWER = 16_384  # characters of JSON; a genuine one has some two thousand
_TRANSPORTS = {each.value: each for each in AuthenticatorTransport}


class NotGenuine(Exception):
    """The answer was not made for this challenge, by this key, on this site. Why is nobody's business."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new credential as the browser answered: ``credential`` and ``public_key`` in base64url."""

    credential: str
    public_key: str
    sign_count: int
    transports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A credential on file: its id in base64url and the ways by which its authenticator is reached."""

    credential: str
    transports: tuple[str, ...]


def site_id() -> str:
    """The id under which browsers keep this site's passkeys: the host name of YIWANG_ORIGIN."""
    return urlsplit(settings.ORIGIN).hostname or "localhost"


def origins(asked_at: str) -> list[str]:
    """The origins on which a passkey may be used: the public one; without https (a rehearsal at localhost)
    also the address at which this request was ``asked_at``, so that the port does not matter."""
    found = [settings.ORIGIN]
    if settings.ORIGIN.startswith("http://") and urlsplit(asked_at).hostname == site_id():
        found.append(asked_at)
    return found


def _descriptors(known: Collection[Known]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(each.credential),
            transports=[_TRANSPORTS[name] for name in each.transports if name in _TRANSPORTS],
        )
        for each in known
    ]


def making_options(
    challenge: bytes, person: str, username: str, name: str, house: str, known: Collection[Known]
) -> str:
    """What the browser is asked to make a passkey for ``person`` (code), as JSON; ``known`` are not made twice."""
    return options_to_json(
        generate_registration_options(
            rp_id=site_id(),
            rp_name=house,
            user_id=person.encode(),
            user_name=username,
            user_display_name=name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_descriptors(known),
        )
    )


def using_options(challenge: bytes, known: Collection[Known]) -> str:
    """What the browser is asked to log in, as JSON; without ``known`` it offers whatever it has for this site."""
    return options_to_json(
        generate_authentication_options(
            rp_id=site_id(),
            challenge=challenge,
            allow_credentials=_descriptors(known) or None,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def _answer(text: str) -> dict[str, Any]:
    try:
        answer = json.loads(text) if len(text) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
        raise NotGenuine
    return answer


def made(text: str, challenge: bytes, asked_at: str) -> Made:
    """The credential that the browser made for ``challenge``, its user verified. Raises NotGenuine."""
    answer = _answer(text)
    try:
        verified = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site_id(),
            expected_origin=origins(asked_at),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotGenuine from error
    said = answer["response"].get("transports")
    named = said if isinstance(said, list) else []
    return Made(
        bytes_to_base64url(verified.credential_id),
        bytes_to_base64url(verified.credential_public_key),
        verified.sign_count,
        tuple(sorted(each for each in named if isinstance(each, str) and each in _TRANSPORTS)),
    )


def credential_of(text: str) -> str:
    """The id of the credential that an answer claims to be from. Raises NotGenuine."""
    identifier: str = _answer(text)["id"]
    return identifier


def counter_of(text: str, challenge: bytes, asked_at: str, public_key: str, person: str) -> int:
    """The counter of a genuine answer: signed for ``challenge`` with the key of ``person``, who was verified.

    Raises NotGenuine. Whether the counter tells of a copy is a rule of its own.
    """
    answer = _answer(text)
    try:
        handle = answer["response"].get("userHandle")
        if handle and base64url_to_bytes(handle) != person.encode():
            raise NotGenuine
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site_id(),
            expected_origin=origins(asked_at),
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotGenuine from error
    return verified.new_sign_count
