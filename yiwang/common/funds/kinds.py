"""The journal kinds of refunds. None is public: who put down a deposit, and when it came back, is theirs to know."""

from yiwang.record.journal.api import Kind, kind

REFUND_OWED = kind("refund-owed", public="never", zh="应退款项", en="Refund owed")
REFUND_DONE = kind("refund-done", public="never", zh="款项已退还", en="Refund done")

KIND_WORDS = {each.name: each.words for each in list(globals().values()) if isinstance(each, Kind)}
