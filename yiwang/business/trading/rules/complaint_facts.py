"""What the rules are given about a complaint: frozen facts, no models, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from yiwang.law.api import Pause


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintFacts:
    """A complaint as the rules see it. Days of Asia/Shanghai, instants with a zone.

    ``matter`` is documents, opening, result or other; ``concerned`` whether the complainant takes part in the tender;
    ``objected`` whether it objected in the same matter before, ``answers`` the times until its objections were answered
    and ``awaited`` whether one is not answered yet; ``respondents`` who may be complained of; ``own`` and ``ours``
    whether the actor's organisation made the complaint, or is the body that it was made to. ``asked``: an inquiry to
    the actor's organisation is open. ``appraisals`` are the appraisals that ended, ``appraising`` that one goes on.
    ``correction`` is what the decision orders (W28-correction); ``corrects``: the actor's organisation is ordered to do
    it, ``corrected``: it was carried out.
    """

    stage: str
    matter: str = "other"
    request: str = ""
    learnt_on: date | None = None
    concerned: bool = True
    objected: bool = False
    answers: tuple[Pause, ...] = ()
    awaited: bool = False
    respondents: tuple[str, ...] = ()
    own: bool = True
    ours: bool = True
    asked: bool = False
    accepted_at: datetime | None = None
    appraisals: tuple[Pause, ...] = ()
    appraising: bool = False
    ordered: bool = False
    outcome: str = ""
    correction: str = ""
    corrects: bool = False
    corrected: bool = False
