"""The worker: sequences, runs the readers and works off the agenda, for ever."""

from __future__ import annotations

import logging
import threading
from datetime import datetime

from django.db import Error, close_old_connections

from yiwang.doors.hall import api as hall
from yiwang.doors.website import api as website
from yiwang.record.files import api as files
from yiwang.record.journal.api import Worked, business_now, work
from yiwang.site.readers import LAWFUL, LAWFUL_READERS, PAGES, READERS

log = logging.getLogger("yiwang.worker")
IDLE_SECONDS = 0.25
TROUBLE_SECONDS = 2.0
POST_SECONDS = 3.0
PAGES_A_ROUND = 10
ENTRIES_A_TURN = 50
BACKLOG = 2000  # entries that the quick reader takes at once: what is lawful waits for it


def one_round() -> Worked:
    """One round of what is due now: all that is lawful, again and again, between some entries and a few pages.

    What is lawful waits for one reader, which is quick, and for no more than one turn of the others or one page.
    """
    now = business_now()
    worked = _lawful(now) + work(READERS, {}, now, limit=ENTRIES_A_TURN)
    for _ in range(PAGES_A_ROUND):
        page = work((), PAGES, now, limit=1)
        worked += page
        if not page.steps:
            break
        now = business_now()
        worked += _lawful(now)
    return worked


def _lawful(now: datetime) -> Worked:
    return work(LAWFUL_READERS, LAWFUL, now, limit=BACKLOG)


def run(stop: threading.Event) -> None:
    """Rounds until ``stop``; a database that is away is waited for, loudly."""
    fresh = False
    while not stop.is_set():
        try:
            worked = one_round()
            if not fresh:
                # Pages that a new program or a power failure left behind; what is lawful came first.
                website.freshen(business_now())
                files.begin_marking(business_now())
                fresh = True
        except Error:
            log.exception("the database did not answer; trying again")
            close_old_connections()
            stop.wait(TROUBLE_SECONDS)
            continue
        if worked.failures:
            log.error("%d readers or duties failed; they will be tried again", worked.failures)
        if not worked.entries and not worked.dues:
            stop.wait(IDLE_SECONDS)


def post(stop: threading.Event) -> None:
    """Sends the letters that wait until ``stop``: beside the worker, so that no closing waits for a mail server."""
    while not stop.is_set():
        try:
            tried = hall.post_letters() + website.post_letters(business_now())
        except Error:
            log.exception("the database did not answer; trying again")
            close_old_connections()
            tried = 0
        if not tried:
            stop.wait(POST_SECONDS)


def start_post(stop: threading.Event) -> None:
    """Runs the post in a thread of its own."""
    threading.Thread(target=post, args=(stop,), name="yiwang-post", daemon=True).start()


def start_in_thread() -> threading.Event:
    """Runs the worker and the post beside the server in this process; the event stops them."""
    stop = threading.Event()
    start_post(stop)
    threading.Thread(target=run, args=(stop,), name="yiwang-worker", daemon=True).start()
    return stop
