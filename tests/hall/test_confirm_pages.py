"""A page with nothing to type has its button exactly while the act would be done; else the reasons stand in its place.

Every such page is opened in every state that lots and complaints of the other tests pass through, and clicked: what is
done or refused then is what the page had said. Nothing of opening a page stays.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tests.hall.world import Person, hidden, plain
from tests.trading import test_every_complaint_verb as complaints
from tests.trading import test_every_prequalification_verb as prequalification
from tests.trading.test_complaints import PRICES, complaint
from tests.trading.test_corrections import carried_out, ordered_by_both
from tests.trading.test_expert_draw import accept_all, announce, opened, plan, pool
from tests.trading.walk import begin, detour, states
from tests.trading.world import Market, announced, market
from yiwang.business.trading import api as trading
from yiwang.doors.hall import urls, views
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.record.journal.api import advance_rehearsal

pytestmark = pytest.mark.django_db
LOT = "/hall/lots/{lot}"
OF_A_LOT = {
    "open": ("centre", f"{LOT}/open/"),
    "open-session": ("centre", "/hall/projects/{project}/open/"),
    "draw-experts": ("centre", f"{LOT}/experts/draw/"),
    "seat-experts": ("centre", f"{LOT}/experts/seat/"),
    "end-review": ("centre", f"{LOT}/committee/review/"),
    "hand-in-report": ("centre", f"{LOT}/committee/report/hand-in/"),
    "ask-time": ("expert", f"{LOT}/sitting/time/"),
    "archive": ("centre", f"{LOT}/archive/"),
    "retender": ("host", f"{LOT}/retender/"),
    "result-notice": ("host", f"{LOT}/result-notice/"),
    "failure-notice": ("host", f"{LOT}/failure-notice/"),
    "contract-notice": ("host", f"{LOT}/contract-notice/"),
    "bid-withdraw": ("bidder", f"{LOT}/bid/withdraw/"),
    "documents": ("fresh", f"{LOT}/documents/"),
    "application-withdraw": ("bidder", f"{LOT}/apply/withdraw/"),
    "prequalification-notify": ("host", f"{LOT}/applications/notify/"),
    "notice-take-back": ("host", "/hall/notices/{notice}/take-back/"),
    "notice-check": ("centre", "/hall/notices/{notice}/check/"),
}
OF_A_COMPLAINT = {
    "complaint-accept": "body",
    "complaint-lift": "body",
    "complaint-appraised": "body",
    "complaint-withdraw": "complainant",
    "complaint-evaluate-again": "host",
    "complaint-tender-again": "host",
}
ASKING = {"confirmed", "confirm_act", "bars_against"}
WRITTEN = ("trading", "notices", "journal", "files")
type Seen = dict[str, set[bool]]


def asking_views() -> set[tuple[str, str]]:
    """Module and name of the views that ask once, with nothing to type, themselves or by a helper beside them."""
    found = set()
    for path in Path(views.__file__).parent.glob("*.py"):
        functions = [
            each
            for each in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(each, ast.FunctionDef)
        ]
        helpers = {each.name for each in functions if each.name.startswith("_") and calls(each) & ASKING}
        module = f"{views.__name__}.{path.stem}"
        found |= {(module, each.name) for each in functions if calls(each) & (ASKING | helpers)}
    return {(module, name) for module, name in found if not name.startswith("_")}


def calls(function: ast.FunctionDef) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}


def test_every_page_that_asks_once_is_walked_here() -> None:
    asking = asking_views()
    names = {
        each.name for each in urls.urlpatterns if (each.callback.__module__, each.callback.__name__) in asking
    }
    assert len(asking) > 20
    assert names == {*OF_A_LOT, *OF_A_COMPLAINT}


def reasons(page: str) -> list[str]:
    """The reasons that stand in the place of the button."""
    block = re.search(
        r'<div class="waiting"[^>]*><p>(?:现在不能办理：|Not possible now:)</p>\s*<ul>(.*?)</ul>', page, re.S
    )
    return [plain(each) for each in re.findall(r"<li>(.*?)</li>", block[1], re.S)] if block else []


def button(page: str) -> dict[str, object] | None:
    """What a click on the button of the act sends; None where there is none."""
    main = page.split("<main")[1]
    for name, value in (("stage", "confirm"), ("decision", "pass")):
        if f'name="{name}" value="{value}"' in main:
            return {**hidden(main), name: value}
    return {} if re.search(r'<form method="post" data-once>', main) else None


def left_behind() -> tuple[object, ...]:
    """What opening a page could leave: rows of the rooms that verbs write to, and documents on the shelf."""
    tables = [each for room in WRITTEN for each in apps.get_app_config(room).get_models()]
    rows = {each.__name__: list(each.objects.order_by("pk").values_list()) for each in tables}
    return rows, sorted(str(each) for each in Path(settings.FILES_ROOT).rglob("*") if each.is_file())


def look(seen: Seen, at: datetime, pages: dict[str, tuple[Actor, str]]) -> dict[str, bool]:
    """Whether each page has its button; all of them do what they say. A page that the actor does not have is left out."""
    with detour():
        advance_rehearsal(at, SYSTEM_ACTOR)
        people = {actor: Person(actor) for actor, _ in pages.values()}
        for each in people.values():
            each.get("/hall/messages/")
        before = left_behind()
        answers = {name: people[actor].client.get(path) for name, (actor, path) in pages.items()}
        assert left_behind() == before, f"one of {list(pages)} left something behind"
        assert {each.status_code for each in answers.values()} <= {200, 404}
        shown = {name: each.content.decode() for name, each in answers.items() if each.status_code == 200}
        for name, page in shown.items():
            actor, path = pages[name]
            if (button(page) is not None) not in seen[name]:
                in_english(page, people[actor].get(f"/en{path}"))
            with detour():
                click(people[actor], path, page)
        found = {name: button(page) is not None for name, page in shown.items()}
        for name, has in found.items():
            seen[name].add(has)
        return found


def in_english(page: str, english: str) -> None:
    assert (button(english) is None) == (button(page) is None)
    assert len(reasons(english)) == len(reasons(page))
    assert not set(reasons(english)) & set(reasons(page))


def click(person: Person, path: str, page: str) -> None:
    """The act is done, or refused for the reasons that the page gave in the place of its button."""
    found, said = button(page), reasons(page)
    if found is not None:
        assert not said, path
        person.send(path, found)
        return
    told = person.send(path, {"stage": "confirm", "decision": "pass"}, 422)
    assert said, path
    assert reasons(told) == said, path
    assert button(told) is None, path


def lot_pages(actors: dict[str, Actor], lot: str, notice: str) -> dict[str, tuple[Actor, str]]:
    at = {"lot": lot, "project": lot[:17], "notice": notice}
    return {name: (actors[who], path.format(**at)) for name, (who, path) in OF_A_LOT.items()}


def both(seen: Seen, *only_refused: str) -> set[str]:
    """The pages that were met with their button and without."""
    assert {name for name, found in seen.items() if found == {False}} == set(only_refused)
    return {name for name, found in seen.items() if found == {True, False}}


def test_a_tender_from_registration_to_archive() -> None:
    walk, seen = begin(market()), defaultdict(set)
    for _ in states(walk):
        look(seen, walk.now, lot_pages(walk.actors, walk.scored, walk.notice))
    elsewhere = {"draw-experts", "seat-experts", "prequalification-notify"}
    assert both(seen, *elsewhere) == {*OF_A_LOT} - {*elsewhere, "application-withdraw"}


def test_a_prequalification() -> None:
    walk, seen = prequalification.begin(), defaultdict(set)
    names = ("application-withdraw", "prequalification-notify", "documents", "retender")
    for _ in prequalification.states(walk):
        pages = lot_pages(walk.actors, walk.lot, walk.notice)
        look(seen, walk.now, {name: pages[name] for name in names})
    assert both(seen) == set(names)


def test_a_draw_of_experts() -> None:
    town, seen = market(), defaultdict(set)
    people = pool(town)
    announce(town)
    for step in _drawing(town, people):
        names = ("draw-experts", "seat-experts")
        paths = {name: (town.staff.opener, OF_A_LOT[name][1].format(lot=town.lot)) for name in names}
        assert look(seen, town.now, paths) == {name: step == name for name in names}
    assert both(seen) == {"draw-experts", "seat-experts"}


def _drawing(town: Market, people: dict[str, Actor]) -> Iterator[str]:
    yield "nothing"
    plan(town, people)
    yield "nothing"
    opened(town)
    yield "draw-experts"
    trading.hold_expert_draw(town.staff.opener, town.lot, town.now)
    yield "nothing"
    accept_all(town, people)
    yield "seat-experts"
    trading.seat_drawn_experts(town.staff.opener, town.lot, town.now)
    yield "nothing"


def complaint_pages(actors: dict[str, Actor], code: str) -> dict[str, tuple[Actor, str]]:
    return {
        name: (actors[who], f"/hall/complaints/{code}/{name.removeprefix('complaint-')}/")
        for name, who in OF_A_COMPLAINT.items()
    }


def test_a_complaint() -> None:
    town, seen = announced(), defaultdict(set)
    town.bid(PRICES)
    code = trading.complain(town.bidders[0], town.lot, complaint(town), town.now)[0].code
    actors = {"complainant": town.bidders[0], "host": town.hosts[0], "body": town.supervisor}
    for _ in complaints._states(complaints.Case(town, code, actors)):
        look(seen, town.now, complaint_pages(actors, code))
    orders = {"complaint-evaluate-again", "complaint-tender-again"}
    assert both(seen, *orders) == {*OF_A_COMPLAINT} - orders


def test_what_decisions_order() -> None:
    seen: Seen = defaultdict(set)
    for ordered, step in (("evaluate-again", "evaluate-again-by-order"), ("tender-again", "tender-again")):
        with detour():
            town, (code, _), _ = ordered_by_both(ordered, "other")
            pages = complaint_pages(dict.fromkeys(("host", "body", "complainant"), town.hosts[0]), code)
            mine = {name: page for name, page in pages.items() if OF_A_COMPLAINT[name] == "host"}
            look(seen, town.now, mine)
            carried_out(town, step, code)
            look(seen, town.now, mine)
    assert both(seen) == {"complaint-evaluate-again", "complaint-tender-again"}
