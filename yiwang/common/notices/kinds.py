"""The journal kinds of a notice. Only the publication is public; drafts are nobody's business."""

from yiwang.record.journal.api import Kind, kind

DRAFTED = kind("notice-drafted", public="never", zh="公告起草", en="Notice drafted")
REVISED = kind("notice-revised", public="never", zh="公告修改", en="Notice revised")
CONFIRMED = kind(
    "notice-confirmed", public="never", zh="公告经招标人确认", en="Notice confirmed by the tenderee"
)
RETURNED = kind("notice-returned", public="never", zh="公告退回修改", en="Notice returned for revision")
CHECKED = kind("notice-checked", public="never", zh="公告通过形式核验", en="Notice passed the check of form")
DROPPED = kind("notice-dropped", public="never", zh="公告草稿作废", en="Notice draft dropped")
PUBLISHED = kind("notice-published", public="now", zh="公告发布", en="Notice published")

KIND_WORDS = {each.name: each.words for each in list(globals().values()) if isinstance(each, Kind)}
