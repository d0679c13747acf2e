"""What both sides must remember: that one session at most is open on a key, which sessions there were, and how many."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from yiwang.pure.sm.errors import ProtocolViolation

CAP = 1 << 20  # operations in the life of one key


class Ledger(Protocol):
    """Durable on the server (a table with a lock), at least process-wide on the phone.

    256 sessions open at once, each of them verified, let the server forge a signature (ROS): so one at a time.
    A session left open by a crash may be ended: its nonce was in memory only and is gone.
    """

    def begin(self, sid: str, session: str) -> None:
        """Opens ``session`` on the key ``sid`` and counts it. Raises ProtocolViolation where one is open on that key,
        where this session was begun before, or where the key has reached its cap."""
        ...

    def end(self, sid: str, session: str) -> None:
        """Closes the session; without effect where it is not the open one."""
        ...


@dataclass(slots=True)
class MemoryLedger:
    """A ledger for one process."""

    cap: int = CAP
    open: dict[str, str] = field(default_factory=dict)
    seen: dict[str, set[str]] = field(default_factory=dict)

    def begin(self, sid: str, session: str) -> None:
        """As the Protocol says."""
        seen = self.seen.setdefault(sid, set())
        if sid in self.open:
            raise ProtocolViolation("another session is open on this key")
        if session in seen:
            raise ProtocolViolation(
                "this session was begun before: a step was replayed or a nonce used twice"
            )
        if len(seen) >= self.cap:
            raise ProtocolViolation("the key has done as many operations as it may")
        seen.add(session)
        self.open[sid] = session

    def end(self, sid: str, session: str) -> None:
        """As the Protocol says."""
        if self.open.get(sid) == session:
            del self.open[sid]
