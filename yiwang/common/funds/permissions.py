"""Who notes that money was paid back. Whose matter it is, the room of the matter checks besides."""

from yiwang.pure.kernel.actors import AGENCY, CENTRE, TENDEREE, permission

NOTE_REFUND = permission("funds.note-refund", TENDEREE, AGENCY, CENTRE)
