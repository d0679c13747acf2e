"""A template of this room as the bytes of a page, for nobody in particular."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.safestring import SafeString

from yiwang.doors.website import places
from yiwang.pure.kernel.actors import ANYONE


def _request(page: str, language: str) -> HttpRequest:
    """A request of nobody in particular: what the base template and its context look at."""
    request = RequestFactory().get(places.address(page, language), HTTP_HOST=urlsplit(settings.ORIGIN).netloc)
    request.actor = ANYONE
    request.LANGUAGE_CODE = language
    return request


def shared_context(page: str, language: str) -> dict[str, Any]:
    """What every template of this room needs to know of its page."""
    return {
        "origin": settings.ORIGIN,
        "site_domain": urlsplit(settings.ORIGIN).hostname,
        "site_id_code": settings.SITE_ID_CODE,
        "alternates": alternates(page),
        "page_address": places.address(page, language),
        "page_path": places.address(page, language),
        "prefix": "/" + places.LANGUAGES[language],
        "chinese": language.startswith("zh"),
    }


def alternates(page: str) -> list[tuple[str, str]]:
    """The page in each language by its tag, and the one for all others."""
    found = [(tag, places.address(page, language)) for language, tag in places.TAGS.items()]
    return [*found, ("x-default", found[0][1])]


def linked_data(facts: Mapping[str, Any]) -> SafeString:
    """Facts as JSON-LD (schema.org); what looks like a tag inside them stays text."""
    text = json.dumps({"@context": "https://schema.org", **facts}, ensure_ascii=False)
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return SafeString(f'<script type="application/ld+json">{text}</script>\n')


def html(template: str, page: str, language: str, context: Mapping[str, Any]) -> bytes:
    """The page ``page`` made from ``template`` with what every page knows, in the language that is active."""
    whole = {**shared_context(page, language), "as_file": True, **context}
    return render_to_string(f"website/{template}", whole, _request(page, language)).encode()
