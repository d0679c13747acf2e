"""What other rooms may call.

A verb:  ``with act(): … record(KIND, about=…, by=…, at=…, facts=…)``. A worker:  ``work(readers, duties, now)``.
"""

from yiwang.record.journal.acts import NotInAct, RefusedOnRecord, act, hold_lock, scratch, share_lock, trial
from yiwang.record.journal.entries import Entry
from yiwang.record.journal.home import HomeInUse, hold_home, home_in_use
from yiwang.record.journal.kept_queries import KeptQuery, Numbers, Slot, Texts, one_of_texts
from yiwang.record.journal.kinds import Kind, kind
from yiwang.record.journal.lasting import keyed_mark, marks_key_number, marks_keys_lost
from yiwang.record.journal.leaf import JSON, LeafTooLarge, Opening, commitment, leaf_hash, opens
from yiwang.record.journal.points import POINTS, watched
from yiwang.record.journal.proofs import LogProofs, disclosed, log_proofs
from yiwang.record.journal.queries import (
    entry,
    feed_lines,
    on_record,
    openings,
    public_digest,
    public_feed,
    recorded,
    revealed,
    timeline,
    who,
)
from yiwang.record.journal.services.agenda import Due, agenda, cancel, next_due, schedule
from yiwang.record.journal.services.clock import (
    REAL,
    REHEARSAL,
    Birth,
    Unborn,
    advance_rehearsal,
    birth,
    business_now,
    found,
    read_once,
    real_now,
)
from yiwang.record.journal.services.erase import erase
from yiwang.record.journal.services.once import once
from yiwang.record.journal.services.record import record
from yiwang.record.journal.services.sequence import sequence
from yiwang.record.journal.triggers import triggers_findings
from yiwang.record.journal.work import ROUND, Duty, Lag, LongDuty, Reader, Worked, lag, work

EntryView = Entry

__all__ = [
    # recording
    "JSON", "Kind", "kind", "act", "record", "once", "erase", "share_lock", "hold_lock",
    "NotInAct", "RefusedOnRecord", "trial", "scratch", "LeafTooLarge",
    # reading
    "Entry", "EntryView", "entry", "keyed_mark", "marks_key_number", "marks_keys_lost", "timeline", "public_feed", "public_digest", "feed_lines", "recorded", "on_record", "revealed", "openings",
    "who",
    "Opening", "commitment", "leaf_hash", "opens",
    # proving entries of the record to others
    "LogProofs", "log_proofs", "disclosed",
    # what is due, and who reads
    "Due", "Duty", "LongDuty", "schedule", "cancel", "agenda", "next_due",
    "Reader", "Worked", "ROUND", "Lag", "work", "lag", "sequence",
    # time and birth
    "REAL", "REHEARSAL", "Birth", "Unborn", "birth", "found", "business_now", "advance_rehearsal", "real_now", "read_once",
    # where a process may die, for simulations
    "POINTS", "watched",
    # asking the database quickly
    "KeptQuery", "Numbers", "Slot", "Texts", "one_of_texts",
    # keeping the record safe
    "triggers_findings", "HomeInUse", "hold_home", "home_in_use",
]  # fmt: skip
