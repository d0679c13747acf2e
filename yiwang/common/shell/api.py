"""The common look, for every room above: routes, sentences, forms, lists, Excel, progress lines."""

from yiwang.common.shell.addresses import address
from yiwang.common.shell.deadlines import deadline_html, instant_html, until_html
from yiwang.common.shell.errors import bad_request, not_found, refused, server_error, too_many
from yiwang.common.shell.forms import (
    AmountField,
    DayField,
    DocumentField,
    HouseForm,
    InstantField,
    MailField,
    posted,
    refusing,
)
from yiwang.common.shell.letters import LetterText
from yiwang.common.shell.lists import (
    BetweenInOrder,
    Choice,
    Column,
    Listing,
    TextInOrder,
    Typed,
    among,
    counted_to,
    counts_by,
    listing,
    numbers_of,
    one_of,
    unindexed,
    wants_excel,
)
from yiwang.common.shell.middleware import RefusalMiddleware
from yiwang.common.shell.problems import (
    PROBLEM_TYPE,
    answer,
    finding_as_json,
    kept_answer,
    long_answer,
    operation,
    problem,
    refusal_status,
)
from yiwang.common.shell.rest_edge import IDEMPOTENT, actor_of, done_once
from yiwang.common.shell.routes import PUBLIC, Routed, route
from yiwang.common.shell.sheets import Head, download, excel
from yiwang.common.shell.speech import bilingual, language_now, say, sentences
from yiwang.common.shell.stages import DONE, ENDED, NEXT, NOW, Stage
from yiwang.common.shell.wordindex import (
    WordIndex,
    fts5_query,
    marks,
    ts_query,
    ts_query_of_codes,
    without_beginnings,
)

__all__ = [
    "PUBLIC", "route", "Routed", "address",
    "say", "sentences", "bilingual", "language_now",
    "HouseForm", "AmountField", "InstantField", "DayField", "MailField", "DocumentField", "refusing", "posted",
    "Column", "Choice", "Typed", "Listing", "listing", "among", "BetweenInOrder", "counted_to", "counts_by", "numbers_of", "one_of", "TextInOrder", "unindexed", "wants_excel", "Head", "excel", "download",
    "LetterText",
    "deadline_html", "instant_html", "until_html",
    "Stage", "DONE", "NOW", "NEXT", "ENDED",
    "IDEMPOTENT", "actor_of", "done_once",
    "operation", "answer", "long_answer", "kept_answer", "finding_as_json", "problem", "refusal_status", "PROBLEM_TYPE",
    "WordIndex", "fts5_query", "marks", "ts_query", "ts_query_of_codes", "without_beginnings",
    "RefusalMiddleware", "refused", "not_found", "too_many", "bad_request", "server_error",
]  # fmt: skip
