"""Citizens of the demo city who follow a search by mail: their letters are files in the home's ``mail``."""

from __future__ import annotations

from datetime import datetime, timedelta

from yiwang.doors.website import api as website

SINCE = timedelta(days=21)
FOLLOWERS = (
    ("citizen@example.com", "", "tender-notice", "", True),
    ("bidder@example.com", "道路", "", "", False),
    ("reader@example.com", "", "result-notice", "620502", True),
)


def follow(now: datetime) -> None:
    """Three searches are followed since three weeks ago."""
    at = now - SINCE
    for address, query, form, region, daily in FOLLOWERS:
        website.confirmed_follower(address, website.Wanted(query, form=form, region=region), daily, at)
