"""What the tender notice says about the method of evaluation, filled from its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from yiwang.business.trading.rules.method_terms import MethodTerms
from yiwang.business.trading.rules.methods import coefficient_options, is_drawn
from yiwang.business.trading.rules.scoring import TRIMMED
from yiwang.law import api as law

NAMES = {"down": "下浮率", "k": "系数 K", "q": "权重 Q"}


def _listed(options: Sequence[Decimal]) -> str:
    return "、".join(str(each) for each in options)


def price_scoring(terms: MethodTerms, formula: str) -> str:
    """How a price is scored, in the words of the documents."""
    lines = [f"评标基准价：{formula}，四舍五入到分。"]
    if terms.id == TRIMMED:
        lines.append(
            f"有效报价不少于 {terms.trim_from} 个时去掉最高、最低各 {terms.trim_each} 个；不足时全部参加平均。"
        )
    for name, options in coefficient_options(terms).items():
        if len(options) == 1:
            lines.append(f"{NAMES[name]}：{_listed(options)}。")
    lines += [
        "偏差率 = 100% ×（评审价格 − 评标基准价）÷ 评标基准价，"
        f"四舍五入到 {terms.deviation_decimals} 位小数。",
        f"报价满分 {terms.price_full} 分。评审价格每高于评标基准价 1% 扣 {terms.above} 分，"
        f"每低于评标基准价 1% 扣 {terms.below} 分，不足 1% 的按比例，扣完为止；"
        f"得分四舍五入到 {terms.score_decimals} 位小数。",
    ]
    return "\n".join(lines)


def draw_rule(terms: MethodTerms, commitment: str) -> str:
    """How coefficients are drawn and how anybody checks it; "" where none is."""
    if not is_drawn(terms):
        return ""
    lines = [
        f"{NAMES[name]}在开标时从下列数值中抽取：{_listed(options)}。"
        for name, options in coefficient_options(terms).items()
        if len(options) > 1
    ]
    lines += [
        f"本公告发布前已封存一个秘密值，其 SHA-256 摘要为 {commitment}；投标截止时封存全部投标文件的名录（截止清单），"
        "开标时公布秘密值。",
        "标段编号、秘密值、截止清单的摘要和系数名称写成规范化 JSON，其 SHA-256 值除以候选个数的余数即抽取位置，"
        "自 0 起数；任何人可以据此验算。",
    ]
    return "\n".join(lines)


def method_values(terms: MethodTerms, commitment: str, on: Any) -> dict[str, Any]:
    """The fields of the tender notice that state the method."""
    values: dict[str, Any] = {"evaluation_method": terms.id}
    if not terms.scores:
        return values
    values |= {
        "price_scoring": price_scoring(terms, law.evaluation_method(terms.id, on=on).formula),
        "criteria": [
            {
                "part": each.part,
                "title": each.title,
                "nature": "objective" if each.objective else "subjective",
                "points": f"{each.least} – {each.full}",
            }
            for each in terms.criteria
        ],
        "tie_rule": f"总分相同的，评审价格低的在前；评审价格也相同的：{terms.tie}",
    }
    rule = draw_rule(terms, commitment)
    return values | ({"coefficient_draw": rule} if rule else {})
