"""What every page knows of the house: its name, whether it is a rehearsal, the business clock, the menu."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from yiwang.doors.hall.api import around_page
from yiwang.pure.kernel.actors import APPLICANT, VISITOR
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import birth, business_now
from yiwang.site.links import public_menu

UNNAMED = Words("公共资源交易中心", "Public Resource Trading Centre")


def house(request: HttpRequest) -> dict[str, Any]:
    """The variable ``house`` of every template that is rendered for a request."""
    return {"house": house_facts(request.path, get_language() or settings.LANGUAGE_CODE)}


# Pages of an account that stand before the hall, or lead into it.
_OUTSIDE = frozenset(
    {
        "login",
        "one-time-code",
        "enrol",
        "choose",
        "enter-as",
        "register",
        "recovery",
        "reset-redeem",
        "accept",
    }
)


def account(request: HttpRequest) -> dict[str, Any]:
    """The menu of the hall beside the pages of an account, so that nobody who is in the hall falls out of it."""
    match = getattr(request, "resolver_match", None)
    if match is None or match.namespace != "identity" or match.url_name in _OUTSIDE:
        return {}
    actor = getattr(request, "actor", None)
    return {} if actor is None or actor.role in (VISITOR, APPLICANT) else around_page(request)


def house_facts(path: str, language: str) -> dict[str, Any]:
    """The facts of the house for a page at ``path``; the clock is read here because this is the edge."""
    born = birth()
    return {
        "name": Words(born.centre or UNNAMED.zh, born.centre_en or UNNAMED.en),
        "rehearsal": born.rehearsal,
        "now": business_now(),
        "menus": public_menu(path, language),
        "statutory": statutory(),
    }


def statutory() -> tuple[Words, ...]:
    """What the foot of every page must say (政府网站发展指引); what is not set yet is shown as such."""
    return tuple(Words(f"{zh}：{value or '待填'}", f"{en}: {value or 'to be filled in'}") for zh, en, value in (
        ("网站标识码", "Site identification code", settings.SITE_ID_CODE),
        ("ICP 备案号", "ICP filing", settings.ICP_FILING),
        ("公安备案号", "Public security filing", settings.POLICE_FILING),
        ("联系方式", "Contact", settings.CONTACT),
    ))  # fmt: skip
