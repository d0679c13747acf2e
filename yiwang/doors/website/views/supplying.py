"""The public list of suppliers: searched, filtered, sorted, paged, and as Excel."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.common.shell.api import PUBLIC, Choice, Column, Typed, listing, route, wants_excel
from yiwang.doors.website import places, queries
from yiwang.doors.website.html import shared_context
from yiwang.doors.website.models import SUPPLIER, SupplierLine
from yiwang.doors.website.views.reading import language_of_page
from yiwang.doors.website.words import region_words
from yiwang.pure.kernel.codes import REGIONS
from yiwang.pure.kernel.words import Words

SHOWN_QUALIFICATIONS = 2
WORDS = Words("供应商", "Suppliers")


def _qualifications(line: SupplierLine) -> Words | None:
    """The first ones, and how many there are; None without any."""
    names = line.qualifications.splitlines()
    if not names:
        return None
    first = "；".join(names[:SHOWN_QUALIFICATIONS])
    if len(names) <= SHOWN_QUALIFICATIONS:
        return Words(first, first)
    return Words(f"{first}等{len(names)}项", f"{first} and {len(names) - SHOWN_QUALIFICATIONS} more")


def _columns(prefix: str) -> list[Column]:
    return [
        Column(
            "name",
            Words("单位名称", "Name"),
            lambda line: line.name,
            sort="name",
            link=lambda line: f"{prefix}{places.supplier_page(line.code)}",
        ),
        Column(
            "code",
            Words("统一社会信用代码", "Credit code"),
            lambda line: line.code,
            sort="code",
            under="name",
        ),
        Column("region", Words("地区", "Region"), lambda line: region_words(line.region), sort="region"),
        Column("qualifications", Words("资质", "Qualifications"), _qualifications),
        Column(
            "performance", Words("业绩", "Performance"), lambda line: line.performance, sort="performance"
        ),
        Column("awards", Words("中标", "Awards"), lambda line: line.awards, sort="awards"),
        Column(
            "newest",
            Words("最近中标", "Last award"),
            lambda line: line.last_awarded_at,
            sort="last_awarded_at",
        ),
        Column("admitted", Words("入库", "Admitted"), lambda line: line.admitted_at, sort="admitted_at"),
    ]


def _awarded(rows: QuerySet[SupplierLine], value: str) -> QuerySet[SupplierLine]:
    return rows.filter(awards__gt=0) if value == "yes" else rows.filter(awards=0)


CHOICES = (
    Choice(
        "region",
        Words("地区", "Region"),
        [(code, Words(*names)) for code, names in REGIONS.items()],
        of="region",
    ),
    Choice(
        "awarded",
        Words("中标记录", "Awards"),
        [("yes", Words("有中标记录", "Has awards")), ("no", Words("没有中标记录", "No awards yet"))],
        narrow=_awarded,
    ),
)
FIELDS = (
    Typed(
        "qualification",
        Words("资质", "Qualification"),
        lambda rows, text: rows.filter(qualifications__icontains=text),
    ),
)


def _found(rows: QuerySet[SupplierLine], text: str, given: Mapping[str, str]) -> QuerySet[SupplierLine]:
    """Those in whose name, code, qualifications or performance the text stands, as search finds them."""
    found = queries.matching(queries.Wanted(query=text, kind=SUPPLIER))
    return rows.filter(code__in=list(found.values_list("code", flat=True)))


@route(PUBLIC)
@require_safe
def suppliers(request: HttpRequest) -> HttpResponse:
    """Every organisation that was admitted to bid, as the address asks for it."""
    language = language_of_page()
    rows = SupplierLine.objects.all()
    columns = _columns("/" + places.LANGUAGES[language])
    found = listing(
        request, rows, columns, search=_found, choices=CHOICES, fields=FIELDS, order="name", per_page=20
    )
    if wants_excel(request):
        return found.excel(WORDS.in_language(language))
    context = {
        **shared_context(places.SUPPLIERS, language),
        "page_path": request.get_full_path(),
        "listing": found,
        "caption": WORDS,
    }
    return render(request, "website/suppliers.html", context)
