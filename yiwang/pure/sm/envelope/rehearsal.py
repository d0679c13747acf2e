"""A holder's rehearsal: before the key is published, it must open a test envelope on the very device that holds it."""

from __future__ import annotations

import io

from yiwang.pure.sm.envelope.closing import ClosingList
from yiwang.pure.sm.envelope.contents import Unsigned
from yiwang.pure.sm.envelope.device import HolderDevice, MemoryPins, Submitted
from yiwang.pure.sm.envelope.opening import Receipt, answered_cases, opened_sheet, part_key
from yiwang.pure.sm.envelope.sealing import seal
from yiwang.pure.sm.envelope.storage import EnvelopeFile
from yiwang.pure.sm.envelope.terms import SHEET, Terms
from yiwang.pure.sm.errors import SmError
from yiwang.pure.sm.keys import DecryptionKey

LOT = "rehearsal"


class _Everyone:
    """Confirms every list: a rehearsal has no witnesses."""

    def confirms(self, lot: str, root: bytes) -> bool:
        """True."""
        return True


def rehearse(key: DecryptionKey) -> str:
    """Seals a test envelope to ``key`` and a throw-away second holder, answers with both, and opens it.

    Gives the name of the test envelope. Raises SmError, DoesNotOpen or Refused where any step fails.
    """
    second = DecryptionKey.generate()
    terms = Terms(LOT, 2, (key.public, second.public))
    out = io.BytesIO()
    facts: dict[str, object] = {"rehearsal": True, "holder": key.public.fingerprint}
    sealed = seal(out, terms, facts, [], Unsigned())
    stored = EnvelopeFile.of(out.getvalue())
    closing = ClosingList.of(LOT, [(sealed.head.envelope, sealed.root)])
    shown = [Submitted.of(stored.head(), stored.leaves())]
    answers = [
        answer
        for place, each in enumerate((key, second), start=1)
        for answer in HolderDevice(each, place, terms, _Everyone(), MemoryPins()).answers(
            SHEET, closing, shown
        )
    ]
    cases, bad = answered_cases([sealed.head], terms, SHEET, answers)
    receipt = Receipt(sealed.head.envelope, sealed.root)
    sheet = opened_sheet(stored, receipt, cases[0], part_key(cases[0], bad[0]), lambda *_: True)
    if sheet.facts != facts:
        raise SmError("the rehearsal opened, but not to what was sealed")
    return sealed.head.envelope
