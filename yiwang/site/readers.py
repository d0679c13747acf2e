"""All that follows the journal and the agenda, told to the worker by the one place that knows every room."""

from __future__ import annotations

from collections.abc import Mapping

from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.common.notices import api as notices
from yiwang.doors.hall import api as hall
from yiwang.doors.website import api as website
from yiwang.record.files import api as files
from yiwang.record.journal.api import Duty, Reader

# What moves a lot; all that is lawful waits for no other reader.
LAWFUL_READERS: tuple[Reader, ...] = (trading.READER,)
READERS: tuple[Reader, ...] = (*LAWFUL_READERS, website.READER, hall.READER)
# What people wait for by law: publications, closings, ends of publicity.
LAWFUL: Mapping[str, Duty] = {**notices.DUTIES, **trading.DUTIES, **identity.DUTIES}
# What may lag a little: however many pages are to be written, no closing waits for them.
PAGES: Mapping[str, Duty] = {**website.DUTIES, **files.DUTIES, **files.collecting(trading.holds_document)}
DUTIES: Mapping[str, Duty] = {**LAWFUL, **PAGES}
