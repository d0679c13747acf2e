"""Who paid the deposits of the bids of a lot, as those who received them note it (招标条例 26, 40 (6)). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from yiwang.pure.kernel.findings import Finding
from yiwang.pure.kernel.sameness import key

# Not before the opening: who paid tells who bids. Not after the award: the committee has judged.
NOTED_IN = ("opened", "evaluating", "reported", "publicity", "publicity-ended")
NAME_AT_LEAST, NAME_AT_MOST = 2, 120
ACCOUNT_AT_LEAST, ACCOUNT_AT_MOST = 8, 34  # letters and digits: GB/T 16711, ISO 13616


@dataclass(frozen=True, slots=True)
class PayerFacts:
    """From whom the deposit of a bid came: the name of the account's holder and its number ("" stays as it was)."""

    bidder: str
    payer: str
    account: str = ""


def payers_findings(stage: str, bidders: Collection[str], given: Sequence[PayerFacts]) -> Iterator[Finding]:
    """Objections to what is noted in ``stage`` for the bids of ``bidders``, each at its field. Without a name: nobody."""
    if stage not in NOTED_IN:
        yield Finding("wrong-stage-now")
    for place, each in enumerate(given):
        field = f"payer-{each.bidder}"
        if each.bidder not in bidders:
            yield Finding("no-such-bid", field=field)
        elif each.bidder in {before.bidder for before in given[:place]}:
            yield Finding("payer-twice", field=field)
        if (each.payer.strip() or each.account.strip()) and not (
            NAME_AT_LEAST <= len(each.payer.strip()) <= NAME_AT_MOST
        ):
            params = {"at_least": NAME_AT_LEAST, "at_most": NAME_AT_MOST}
            yield Finding("payer-name", params=params, field=field)
        if each.account.strip() and not ACCOUNT_AT_LEAST <= len(key(each.account)) <= ACCOUNT_AT_MOST:
            params = {"at_least": ACCOUNT_AT_LEAST, "at_most": ACCOUNT_AT_MOST}
            yield Finding("payer-account", params=params, field=f"account-{each.bidder}")
