"""What other rooms may do with notices and know of them.

The journal says ``notice-published`` (public) when a notice appears: within the matter that it is about, with
its code, form, category, title, region and SHA-256. Site gives DUTIES to the worker.
"""

from __future__ import annotations

from collections.abc import Mapping

from yiwang.common.notices.canonical import body_sha256
from yiwang.common.notices.forms import NoticeValuesForm, form_field, notice_form_class
from yiwang.common.notices.kinds import KIND_WORDS
from yiwang.common.notices.kinds import PUBLISHED as NOTICE_PUBLISHED
from yiwang.common.notices.papers import notice_paper
from yiwang.common.notices.presentation import BodyRow, Table, body_rows, detailed_rows, plain_text
from yiwang.common.notices.queries import (
    awaiting_check,
    awaiting_publication,
    corrections,
    has_notice,
    is_pointed_to,
    latest_published,
    notice,
    notice_lines,
    notices,
    published_lines,
    stored_notices,
)
from yiwang.common.notices.services import (
    PUBLISH_DUTY,
    confirm,
    draft,
    drop,
    notice_ref,
    pass_check,
    publish_due,
    return_to_draft,
    revise,
)
from yiwang.common.notices.shapes import (
    CONFIRMED,
    DRAFT,
    DROPPED,
    PUBLISHED,
    RETURNED,
    SCHEDULED,
    STATUS_WORDS,
    Line,
    Notice,
    NoticeLine,
    Part,
    UnknownNotice,
)
from yiwang.common.notices.triggers import triggers_findings
from yiwang.common.notices.wordlists import notices_named
from yiwang.record.journal.api import Duty

DUTIES: Mapping[str, Duty] = {PUBLISH_DUTY: publish_due}

__all__ = [
    "KIND_WORDS",
    "notices_named",
    "has_notice",
    "Line",
    "Notice",
    "NoticeLine",
    "Part",
    "UnknownNotice",
    "DRAFT",
    "CONFIRMED",
    "SCHEDULED",
    "PUBLISHED",
    "RETURNED",
    "DROPPED",
    "STATUS_WORDS",
    "NOTICE_PUBLISHED",
    "DUTIES",
    "PUBLISH_DUTY",
    "draft",
    "revise",
    "confirm",
    "return_to_draft",
    "pass_check",
    "drop",
    "publish_due",
    "notice",
    "notices",
    "notice_lines",
    "is_pointed_to",
    "published_lines",
    "stored_notices",
    "awaiting_check",
    "awaiting_publication",
    "corrections",
    "latest_published",
    "notice_ref",
    "body_rows",
    "detailed_rows",
    "BodyRow",
    "Table",
    "plain_text",
    "notice_paper",
    "body_sha256",
    "notice_form_class",
    "form_field",
    "NoticeValuesForm",
    "triggers_findings",
]
