"""Searches that are followed: feeds and calendars without a login, and letters to a confirmed address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.common.identity.api import Limit, client_address, note_tries, wait_seconds
from yiwang.common.shell.api import PUBLIC, posted, route, too_many
from yiwang.doors.website import feeds, following, months, places, queries
from yiwang.doors.website.forms import DAILY, FollowForm
from yiwang.doors.website.html import shared_context
from yiwang.doors.website.models import LOT, DatedMatter, Subscription
from yiwang.doors.website.post import SEARCH_WORDS, search_words
from yiwang.doors.website.views.reading import feed_query, language_of_page, wanted_of
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now, real_now

FOLLOW, FEED, ATOM, ICS = "search/follow/", "search/feed.xml", "search/atom.xml", "search/calendar.ics"
ENTRIES_IN_A_FEED = 50
LOTS_IN_A_CALENDAR = 300
HOUR = 3600
# One visitor asks a few times; one address is written to a few times a day, whoever asks.
FROM_VISITOR = Limit("follow-from-visitor", 20, HOUR, HOUR)
TO_ADDRESS = Limit("follow-to-address", 5, 24 * HOUR, 24 * HOUR)


def _feed(request: HttpRequest, page: str, kind: str) -> HttpResponse:
    language, wanted = language_of_page(), wanted_of(request)
    entries = queries.listed(wanted, ENTRIES_IN_A_FEED)
    asked, about = feed_query(wanted), places.address("search/", language)
    content = feeds.feed(
        entries, SEARCH_WORDS, places.address(page, language) + asked, about + asked, language, kind
    )
    return HttpResponse(
        content, content_type=f"{feeds.MEDIA_TYPES[kind]}; charset=utf-8", headers=_FEED_HEADERS
    )


_FEED_HEADERS = {"Cache-Control": "public, max-age=300"}


@route(PUBLIC)
@require_safe
def rss(request: HttpRequest) -> HttpResponse:
    """The newest 50 that fit a search, as RSS 2.0."""
    return _feed(request, FEED, "rss")


@route(PUBLIC)
@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """The newest 50 that fit a search, as Atom."""
    return _feed(request, ATOM, "atom")


@route(PUBLIC)
@require_safe
def dates(request: HttpRequest) -> HttpResponse:
    """The dates of the newest lots that fit a search, as a calendar to follow."""
    wanted = queries.replace_kind(wanted_of(request), LOT)
    lots = list(queries.matching(wanted).values_list("code", flat=True)[:LOTS_IN_A_CALENDAR])
    rows = DatedMatter.objects.filter(lot__in=lots).order_by("at", "lot", "kind")
    content = months.file_of(rows, SEARCH_WORDS, language_of_page())
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=_FEED_HEADERS)


@route(PUBLIC)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """How the search of this address can be followed; by mail once the address is confirmed."""
    language, wanted = language_of_page(), wanted_of(request)
    form = FollowForm(posted(request))
    if request.method == "POST" and form.is_valid():
        seconds = _asked(request, form, wanted, language)
        if seconds:
            return too_many(request, seconds)
        separator = "&" if feed_query(wanted) else "?"
        return HttpResponseRedirect(f"{request.path}{feed_query(wanted)}{separator}asked=yes")
    search = search_words(
        Subscription(query=wanted.query, form=wanted.form, region=wanted.region), business_now()
    )
    context: dict[str, Any] = {
        **shared_context(FOLLOW, language),
        "page_path": request.get_full_path(),
        "form": form,
        "search": search,
        "asked": feed_query(wanted),
        "asked_for": request.GET.get("asked") == "yes",
    }
    return render(request, "website/follow.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, form: FollowForm, wanted: queries.Wanted, language: str) -> int:
    """Asks to follow; gives the seconds to wait where this visitor asked too often.

    An address that was written to often enough today is left alone; the page says nothing of it.
    """
    now, visitor = real_now(), [(FROM_VISITOR, client_address(request))]
    seconds = wait_seconds(visitor, now)
    if seconds:
        return seconds
    note_tries(visitor, now)
    address = form.cleaned_data["address"].strip()
    written_to = [(TO_ADDRESS, address.casefold())]
    if not wait_seconds(written_to, now):
        note_tries(written_to, now)
        following.follow(address, wanted, language, form.cleaned_data["often"] == DAILY, business_now())
    return 0


def _page(request: HttpRequest, row: Subscription | None, heading: Words, **more: object) -> HttpResponse:
    language = language_of_page()
    context = {
        **shared_context("search/", language),
        "page_path": request.path,
        "row": row,
        "search": search_words(row, business_now()) if row else None,
        "heading": heading,
        **more,
    }
    return render(request, "website/subscription.html", context)


@csrf_exempt  # the token of the letter stands for its reader
@route(PUBLIC)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The address is mine and I want the letters: asked once more, so that no program that opens links says it."""
    heading = Words("确认订阅", "Confirm the subscription")
    if request.method != "POST":
        return _page(request, following.to_confirm(token), heading, button=Words("确认订阅", "Confirm"))
    following.confirm(token, business_now())
    done = Words(
        "已订阅。每封邮件都附有退订链接。", "You follow this now. Every letter has a link to end it."
    )
    return _page(request, None, heading, done=done)


@csrf_exempt  # the token of the letter stands for its reader; mail programs post here by themselves (RFC 8058)
@route(PUBLIC)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    """No letters any more: one click in the mail program, or a button here."""
    heading = Words("退订", "End the subscription")
    if request.method != "POST":
        return _page(request, following.to_end(token), heading, button=Words("退订", "End it"))
    following.end(token)
    done = Words("已退订，邮箱已删除。", "Ended. The address was deleted.")
    return _page(request, None, heading, done=done)
