"""Idempotency: the first result of a request is the only one."""

from __future__ import annotations

import json
from collections.abc import Callable

from yiwang.pure.kernel import canonical
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.journal import models
from yiwang.record.journal.acts import act, advisory_lock


def once[Result](key: str, by: Actor, request: object, run: Callable[[], Result]) -> Result:
    """The result of ``run`` the first time that ``by`` uses ``key``, and the same result ever after.

    ``request`` and the result are JSON (NotCanonical otherwise).

    ``run`` works inside the same act as the note of its result; when it is refused or fails nothing is noted.
    Keys of different actors never meet. Refused(idempotency-key-reused) where the request is another one.
    """
    owned = canonical.digest([by.person, by.organisation, by.role, key])
    asked = canonical.digest(request)
    with act():
        advisory_lock(f"once:{owned}")
        first = models.Once.objects.filter(key=owned).first()
        if first is None:
            result = run()
            models.Once.objects.create(key=owned, request=asked, result=canonical.dumps(result).decode())
            return result
        if first.request != asked:
            raise Refused([Finding("idempotency-key-reused", "", {"key": key[:80]})])
        replayed: Result = json.loads(first.result)
        return replayed
