"""Erasure: values, salts and names go; every leaf and every proof stays valid."""

from __future__ import annotations

from datetime import datetime

from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal import models
from yiwang.record.journal.acts import act, advisory_lock
from yiwang.record.journal.entries import Entry
from yiwang.record.journal.kinds import ERASED
from yiwang.record.journal.services.record import record


def erase(about: Ref, *, by: Actor, at: datetime, reason: str) -> Entry:
    """Deletes all values and salts kept back in the entries about ``about``, and who stands behind their actors.

    The legal ground is 个人信息保护法 第四十七条; who may order it, and when the duty to keep files goes first,
    is decided by the room that owns ``about``. What a leaf states in clear stays. Recorded itself, unseen.
    """
    with act():
        advisory_lock(f"about:{about}")
        openings, _ = models.Opening.objects.filter(entry__about=str(about)).delete()
        names, _ = models.Pseudonym.objects.filter(about=str(about)).delete()
        facts = {"reason": reason, "openings": openings, "names": names}
        return record(ERASED, about=about, by=by, at=at, facts=facts)
