"""Following a search by mail: asked for, confirmed, ended by one click; and which notices fit which search."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core import signing
from django.db.models import Q

from yiwang.doors.website.models import NOTICE, Letter, SearchEntry, Subscription
from yiwang.doors.website.queries import Wanted
from yiwang.pure.kernel.bigrams import contains, phrases
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.refs import random_code
from yiwang.record.journal.api import act, birth

DAILY_HOUR = 8
CONFIRM_WITHIN = timedelta(days=3)
_CONFIRM, _END = "yiwang.website.confirm", "yiwang.website.end"


def fits(entry: SearchEntry, wanted: Wanted) -> bool:
    """Whether a new notice is one of those that ``wanted`` asks for by words, form and region.

    The same answer as the lists give (``queries.matching``), of the entry alone. Pure.
    """
    filtered = wanted.form in ("", entry.form) and wanted.region in ("", entry.region)
    asked = phrases(wanted.query)
    if wanted.query.strip() and not asked:
        return False
    return entry.kind == NOTICE and filtered and contains(entry.text, wanted.query)


def due_at(daily: bool, at: datetime) -> datetime:
    """When a subscriber is told of a notice that appeared at ``at``: at once, or at the next 08:00 of Shanghai."""
    if not daily:
        return at
    morning = on_day_at(local_day(at), DAILY_HOUR)
    return morning if at <= morning else on_day_at(local_day(at) + timedelta(days=1), DAILY_HOUR)


def write_letters(entry: SearchEntry) -> None:
    """Notes a new notice for everybody who follows a search that it fits; again changes nothing. In an act."""
    rows = Subscription.objects.filter(
        Q(form="") | Q(form=entry.form),
        Q(region="") | Q(region=entry.region),
        confirmed_at__lte=entry.shown_at,
    )
    answers: dict[str, bool] = {}
    letters = []
    for pk, query, daily in rows.values_list("pk", "query", "daily"):
        if query not in answers:
            answers[query] = fits(entry, Wanted(query=query))
        if answers[query]:
            letters.append(
                Letter(subscription_id=pk, notice=entry.code, due_at=due_at(daily, entry.shown_at))
            )
    Letter.objects.bulk_create(letters, ignore_conflicts=True, batch_size=500)


def follow(address: str, wanted: Wanted, language: str, daily: bool, at: datetime) -> str:
    """Asks to tell ``address`` of notices that fit; the holder of the address has to confirm. Gives the code.

    The same wish again sends the question again and changes how often; whether an address follows already is
    told to nobody but itself.
    """
    with act():
        row, _ = Subscription.objects.get_or_create(
            address=address,
            query=wanted.query,
            form=wanted.form,
            region=wanted.region,
            defaults={"code": random_code("F"), "language": language, "daily": daily, "asked_at": at},
        )
        if row.confirmed_at is None:
            Subscription.objects.filter(pk=row.pk).update(daily=daily, language=language, asked_at=at)
        Letter.objects.filter(subscription=row, notice="").delete()
        Letter.objects.create(subscription=row, notice="", due_at=at)
    return row.code


def confirmed_follower(address: str, wanted: Wanted, daily: bool, at: datetime) -> None:
    """A rehearsal's follower, who was asked and said yes at once. ValueError in a real house: there people answer."""
    if not birth().rehearsal:
        raise ValueError("only in a rehearsal")
    code = follow(address, wanted, "zh-hans", daily, at)
    with act():
        Letter.objects.filter(subscription__code=code).update(sent_at=at)
        Subscription.objects.filter(code=code).update(confirmed_at=at)


def confirm_token(row: Subscription) -> str:
    """What proves that its holder reads the mail of the address; with how often, as asked for last."""
    return signing.dumps([row.code, row.daily], salt=_CONFIRM)


def end_token(row: Subscription) -> str:
    """What ends the subscription, at any time."""
    return signing.Signer(salt=_END).sign(row.code)


def _found(codes: Iterable[str]) -> Subscription:
    row = Subscription.objects.filter(code__in=list(codes)).first()
    if row is None:
        raise Refused([Finding("subscription-unknown")])
    return row


def to_confirm(token: str) -> Subscription:
    """The subscription of a token that confirms. Refused(subscription-unknown)."""
    try:
        code, _ = signing.loads(token, salt=_CONFIRM, max_age=CONFIRM_WITHIN)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Refused([Finding("subscription-unknown")]) from error
    return _found([code])


def to_end(token: str) -> Subscription:
    """The subscription of a token that ends. Refused(subscription-unknown)."""
    try:
        return _found([signing.Signer(salt=_END).unsign(token)])
    except signing.BadSignature as error:
        raise Refused([Finding("subscription-unknown")]) from error


def confirm(token: str, at: datetime) -> Subscription:
    """The holder of the address says yes. Refused(subscription-unknown)."""
    row = to_confirm(token)
    with act():
        Subscription.objects.filter(pk=row.pk, confirmed_at=None).update(confirmed_at=at)
    return row


def end(token: str) -> None:
    """Ends a subscription and forgets its address; again changes nothing. Refused where the token is none."""
    row = to_end(token)
    with act():
        Subscription.objects.filter(pk=row.pk).delete()


def forget_unconfirmed(at: datetime) -> None:
    """Addresses whose holders did not answer are forgotten."""
    Subscription.objects.filter(confirmed_at=None, asked_at__lt=at - CONFIRM_WITHIN).delete()
