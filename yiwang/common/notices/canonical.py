"""The canonical body of a notice: what its SHA-256 is taken of, and what every channel renders."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from yiwang.pure.kernel.canonical import dumps
from yiwang.pure.kernel.days import iso

FORMAT = "yiwang-notice-1"


def canonical_body(
    *,
    code: str,
    form: str,
    law_on: date,
    about: str,
    title: str,
    region: str,
    values: Mapping[str, Any],
    tenderee: Mapping[str, str],
    drafted_for: Mapping[str, str],
    corrects: str,
    confirmed_at: datetime,
    publish_at: datetime,
    parts: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Canonical JSON (RFC 8785 restricted) of the notice; parties are ``{"code", "name"}``, instants UTC.

    ``parts`` (what it says of each of several lots) stand in it only where there are any.

    Raises NotCanonical where a value has no canonical form.
    """
    return dumps(
        {
            "format": FORMAT,
            "code": code,
            "form": form,
            "law_on": law_on.isoformat(),
            "about": about,
            "title": title,
            "region": region,
            "values": dict(values),
            "tenderee": dict(tenderee),
            "drafted_for": dict(drafted_for),
            "corrects": corrects,
            "confirmed_at": iso(confirmed_at),
            "publish_at": iso(publish_at),
            **({"parts": [dict(each) for each in parts]} if parts else {}),
        }
    ).decode()


def body_sha256(body: str) -> str:
    """SHA-256 (hexadecimal) of the body's UTF-8 bytes: what ``sha256sum`` says of the downloaded file."""
    return hashlib.sha256(body.encode()).hexdigest()
