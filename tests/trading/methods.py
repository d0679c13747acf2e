"""Methods of evaluation as the documents of the tests state them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

from yiwang.business.trading import api as trading

CRITERIA = (
    trading.CriterionTerms(
        id="c1", title="施工组织设计", part="technical", objective=False, full=D(25), least=D(10)
    ),
    trading.CriterionTerms(id="c2", title="项目管理机构", part="commercial", objective=True, full=D(10)),
    trading.CriterionTerms(id="c3", title="企业业绩", part="commercial", objective=True, full=D(5)),
)
SCORED = trading.MethodTerms(
    id="comprehensive-mean",
    price_full=D(60),
    above=D(2),
    below=D(1),
    criteria=CRITERIA,
    tie="技术得分高者优先；仍相同的，工期短者优先。",
)
FLOATING = replace(
    SCORED,
    id="comprehensive-floating",
    down=tuple(D(each) for each in ("0.01", "0.02", "0.03", "0.04", "0.05")),
)
MIXED = replace(
    SCORED, id="comprehensive-ceiling-mix", k=(D("0.95"), D("0.96"), D("0.97")), q=(D("0.3"), D("0.4"))
)
