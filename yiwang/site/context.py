"""What every page knows of the house: its name, whether it is a rehearsal, the business clock, the menu."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import birth, business_now
from yiwang.site.links import public_menu

UNNAMED = Words("公共资源交易中心", "Public Resource Trading Centre")


def house(request: HttpRequest) -> dict[str, Any]:
    """The variable ``house`` of every template that is rendered for a request."""
    return {"house": house_facts(request.path, get_language() or settings.LANGUAGE_CODE)}


def house_facts(path: str, language: str) -> dict[str, Any]:
    """The facts of the house for a page at ``path``; the clock is read here because this is the edge."""
    born = birth()
    return {
        "name": Words(born.centre or UNNAMED.zh, born.centre_en or UNNAMED.en),
        "rehearsal": born.rehearsal,
        "now": business_now(),
        "menus": public_menu(path, language),
    }
