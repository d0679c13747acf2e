"""Whether a published notice still counts: what later notices and decisions did to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from yiwang.business.trading.models import Lot, Objection, Round
from yiwang.business.trading.rules.complaining import BY_ORDER, ORDER
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.words import Words

VALID, AMENDED, CORRECTED, REPLACED, PARTLY_VOID, VOID = (
    "", "amended", "corrected", "replaced", "partly-void", "void"
)  # fmt: skip
STANDING_WORDS: Mapping[str, Words] = {
    AMENDED: Words("有澄清、修改或延期", "amended"),
    CORRECTED: Words("已更正", "corrected"),
    REPLACED: Words("已被代替", "replaced"),
    PARTLY_VOID: Words("部分标段已失效", "void for some lots"),
    VOID: Words("已失效", "void"),
}
"""What a reader is told; a notice that stands as it appeared is told nothing of."""
NO_LONGER_COUNTS = frozenset({VOID, PARTLY_VOID, REPLACED})
CORRECTION, PUBLICITY, RESULT = "correction", "candidates-publicity", "result-notice"


def standing(form: str, lots: Collection[str], over: Iterable[notices.Line], undone: Collection[str]) -> str:
    """What became of a notice of ``form`` about ``lots``: ``over`` are the published ones that point to it, ``undone``
    the lots whose decision that it tells was undone (招标条例 54, 55, 81). The gravest thing is told. Pure.
    """
    later = list(over)
    gone = {lot for each in later if each.form == form and form != CORRECTION for lot in each.lots} & set(
        lots
    )
    undone = set(undone) & set(lots)
    if undone or gone:
        if not set(lots) <= undone | gone:
            return PARTLY_VOID
        return REPLACED if set(lots) <= gone and not set(lots) <= undone else VOID
    if any(each.form == CORRECTION for each in later):
        return CORRECTED
    return AMENDED if any(each.form != form for each in later) else VALID


def standings(codes: Iterable[str]) -> dict[str, str]:
    """The standing of published notices by their code; those that are not published or unknown are not there."""
    lines, over = notices.published_lines(codes)
    undone: dict[str, set[str]] = {}
    # By the lots, which have an index: an objection to a result is settled in a notice of its lot.
    about = {lot for each in lines.values() if each.form == PUBLICITY for lot in each.lots}
    rows = Objection.objects.filter(lot__code__in=about, matter=Objection.RESULT).exclude(remedy="")
    for notice, lot in rows.exclude(settled_in="").values_list("settled_in", "lot__code"):
        undone.setdefault(notice, set()).add(lot)
    ordered = Round.objects.filter(lot__code__in=about, why=ORDER)
    for lot, notice in ordered.values_list("lot__code", "kept__annulled__publicity"):
        if notice:
            undone.setdefault(notice, set()).add(lot)
    for lot, notice in Lot.objects.filter(code__in=about, outcome=BY_ORDER).values_list(
        "code", "publicity_notice"
    ):
        undone.setdefault(notice, set()).add(lot)
    results = {code: each.lots for code, each in lines.items() if each.form == RESULT}
    told = {lot for lots in results.values() for lot in lots}
    standing_now = (
        dict(Lot.objects.filter(code__in=told).values_list("code", "result_notice")) if told else {}
    )
    for code, lots in results.items():
        undone[code] = {lot for lot in lots if standing_now.get(lot) != code}
    return {
        code: standing(each.form, each.lots, over.get(code, ()), undone.get(code, ()))
        for code, each in lines.items()
    }


def standing_of(notice: notices.Notice) -> str:
    """The standing of one published notice that was read already: mostly nothing points to it, and nothing more is asked."""
    if notice.form not in (PUBLICITY, RESULT) and not notices.is_pointed_to(notice.code):
        return VALID
    return standings([notice.code])[notice.code]
