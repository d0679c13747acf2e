"""What every page of the hall shares: who may see which lot, refusals at their fields, steps that ask once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.shortcuts import render as django_render

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import HouseForm, address, language_now, posted, say
from yiwang.pure.kernel.actors import (
    AGENCY,
    APPLICANT,
    BIDDER,
    CENTRE,
    EXPERT,
    OPERATOR,
    SUPERVISOR,
    TENDEREE,
    Actor,
    permission,
)
from yiwang.pure.kernel.codes import PROJECT_CODE_LENGTH
from yiwang.pure.kernel.findings import WARNING, Finding, Refused
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import birth, trial

ENTER_HALL = permission(
    "hall.enter", TENDEREE, AGENCY, BIDDER, CENTRE, EXPERT, SUPERVISOR, OPERATOR, APPLICANT
)
READ_NOTICE = permission("hall.read-notice", TENDEREE, AGENCY, BIDDER, CENTRE, EXPERT, SUPERVISOR, OPERATOR)
REFUSED_STATUS = 422
DONE = Words("已办理。", "Done.")
# Who finds which page in the menu; what is not listed is for everybody in the hall.
_MENU_ROLES = {
    "hall:lots": permissions.READ_LOT.roles,
    "hall:messages": permissions.READ_MESSAGES.roles,
    "hall:calendar": permissions.READ_LOT.roles,
    "hall:register": permissions.REGISTER_PROJECT.roles,
    "hall:refunds": frozenset({CENTRE, SUPERVISOR}),
    "hall:written-reports": frozenset({SUPERVISOR}),
    "identity:review": frozenset({CENTRE, SUPERVISOR}),
    "identity:experts": frozenset({CENTRE}),
    "identity:my-expertise": frozenset({EXPERT}),
    "identity:my-organisation": frozenset({TENDEREE, AGENCY, BIDDER, APPLICANT}),
}
_MENU_PAGES = ("home", "lots", "register", "messages", "calendar", "refunds", "written-reports", "clock")
_MENU_OF = {
    "calendar-address": "calendar",
    "mail": "messages",
    "mail-confirm": "messages",
}  # pages below a page of the menu
_MENU_OF_ACCOUNT = {
    **dict.fromkeys(
        ("review", "review-one", "credential-reviews", "credential-review", "ties-reviews"), "identity:review"
    ),
    "experts": "identity:experts",
    "my-expertise": "identity:my-expertise",
    **dict.fromkeys(
        (
            "my-organisation",
            "ties",
            "people",
            "colleague",
            "invitations",
            "delegation",
            "keys",
            "key-revoke",
            "credentials",
            "credential",
            "credential-new",
            "credential-update",
        ),
        "identity:my-organisation",
    ),
}
# Carried by the page itself, not typed by anybody.
_NOT_TYPED = ("csrfmiddlewaretoken", "stage", "kept", "remove")


def language() -> str:
    """The language of the page."""
    return language_now()


def said(words: Words) -> str:
    """The words in the language of the page."""
    return words.in_language(language())


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A page of the hall: the template with the hall's own menu beside it."""
    around = {**around_page(request), "hall_lists": _lists(request)}
    return django_render(request, template, {**around, **(context or {})}, status=status)


def around_page(request: HttpRequest) -> dict[str, Any]:
    """What stands beside a page of somebody who is in the hall: the menu, and the bell of the messages."""
    unread = unread_messages(request.actor)
    around: dict[str, Any] = {"hall_menu": _menu(request, unread), "unread": unread}
    if permissions.READ_MESSAGES.allows(request.actor):
        around["hall_bell"] = {"url": address("hall:messages"), "count": unread}
    return around


_LISTS = (
    ("lots", Words("标段", "Lots"), permissions.READ_LOT.roles),
    ("projects", Words("项目", "Projects"), permissions.READ_LOT.roles),
    ("todos", Words("待办", "To-dos"), frozenset({TENDEREE, AGENCY, BIDDER, CENTRE, SUPERVISOR})),
    ("notices", Words("公告", "Notices"), frozenset({TENDEREE, AGENCY, CENTRE, SUPERVISOR})),
    ("objections", Words("异议", "Objections"), frozenset({TENDEREE, AGENCY, BIDDER, SUPERVISOR})),
    ("complaints", Words("投诉", "Complaints"), permissions.READ_COMPLAINTS.roles),
    ("findings", Words("暂停、超期、预警", "Suspended, late, warned"), permissions.READ_FINDINGS.roles),
)


def _lists(request: HttpRequest) -> tuple[tuple[str, Words, bool], ...]:
    """The lists that the actor may open, for the tabs above each of them: address, words, and whether it is this one."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    return tuple(
        (address(f"hall:{name}"), words, name == here)
        for name, words, roles in _LISTS
        if request.actor.role in roles
    )


def said_done(request: HttpRequest) -> None:
    """The next page says that it was done."""
    messages.success(request, said(DONE))


def _menu(request: HttpRequest, unread: int) -> tuple[tuple[str, Words, bool, int], ...]:
    """The menu of the hall: address, words, whether the page belongs there, how much is unread."""
    here = _menu_page(request)
    items = [
        ("hall:home", Words("我的待办", "My to-dos"), 0),
        ("hall:messages", Words("消息", "Messages"), unread),
        ("hall:calendar", Words("日程", "Calendar"), 0),
        ("hall:lots", Words("项目与标段", "Projects and lots"), 0),
        ("hall:register", Words("登记项目", "Register a project"), 0),
        ("hall:written-reports", Words("书面报告", "Written reports"), 0),
        ("hall:refunds", Words("保证金退还", "Refunds"), 0),
        ("identity:review", Words("单位核验", "Organisations"), 0),
        ("identity:experts", Words("评标专家", "Experts"), 0),
        ("identity:my-expertise", Words("我的专家信息", "My entry as an expert"), 0),
        ("identity:my-organisation", Words("本单位", "My organisation"), 0),
    ]
    if birth().rehearsal:
        items.append(("hall:clock", Words("演练时钟", "Rehearsal clock"), 0))
    return tuple(
        (address(name), words, name == here, count)
        for name, words, count in items
        if request.actor.role in _MENU_ROLES.get(name, ENTER_HALL.roles)
    )


def _menu_page(request: HttpRequest) -> str:
    """The page of the menu that a page belongs to; "" for those of one's own account."""
    match = request.resolver_match
    name = (match.url_name or "") if match else ""
    if match and match.namespace == "identity":
        return _MENU_OF_ACCOUNT.get(name, "")
    here = _MENU_OF.get(name, name)
    return f"hall:{here if here in _MENU_PAGES else 'lots'}"


def unread_messages(actor: Actor) -> int:
    """How much the actor's organisation was told and has not read."""
    if not permissions.READ_MESSAGES.allows(actor):
        return 0
    return trading.number_unread(actor)


def visible_lot(actor: Actor, code: str) -> Any:
    """The lot, where the actor may see it in the hall. Http404 otherwise, so that nobody learns what exists."""
    lot = trading.lots_for(actor).filter(code=code).first()
    if lot is None:
        raise Http404(code)
    return lot


def sees_everything(actor: Actor) -> bool:
    """Whether the role sees of its lots also what is not public yet."""
    return actor.role in (TENDEREE, AGENCY, CENTRE, SUPERVISOR)


def new_key() -> str:
    """An idempotency key for a form that is about to be shown."""
    return secrets.token_urlsafe(18)


def rehearsed[Result](verb: Callable[[], Result]) -> Result:
    """What a verb would give now: it runs, and all that it did is undone. Raises Refused as the verb does."""
    with trial():
        return verb()


def bars_against(verb: Callable[[], object]) -> list[Finding]:
    """Why a verb would be refused now; empty where it would be done."""
    try:
        rehearsed(verb)
    except Refused as refused:
        return reasons_of(refused)
    return []


def reasons_of(refused: Refused) -> list[Finding]:
    """What stands in the way, without what it would only be warned of."""
    return [each for each in refused.findings if each.level != WARNING]


def refuse_at_fields(form: forms.BaseForm, refused: Refused, names: Mapping[str, str] | None = None) -> None:
    """Puts every reason at the field it belongs to, with its article; the rest above the form.

    ``names`` maps a finding's field to the form's, where they differ. A form that is several (for lots side by side)
    places them itself.
    """
    places = getattr(form, "refuse", None)
    if places is not None:
        places(refused.findings)
        return
    for finding in reasons_of(refused):
        lot, field = _lot_and_field(finding.field)
        name = (names or {}).get(field, field)
        form.add_error(
            name if name in form.fields else None, f"{lot} {say(finding)}" if lot else say(finding)
        )


def _lot_and_field(field: str) -> tuple[str, str]:
    """Of which of several lots a finding speaks ("" for none), and of what of it."""
    head, _, rest = field.partition(".")
    named = len(head) > PROJECT_CODE_LENGTH and head.isascii() and head.isalnum()
    return (head, rest) if named else ("", field)


def note_warnings(request: HttpRequest, findings: tuple[Finding, ...]) -> None:
    """Shows on the next page what was recorded as a warning; a warning never stops a step."""
    for finding in findings:
        messages.warning(request, say(finding))


def carried(request: HttpRequest, tokens: list[str]) -> list[tuple[str, str]]:
    """All that was typed, as pairs for hidden inputs of the page that asks once; ``tokens`` are kept papers."""
    typed = [
        (name, value) for name, values in request.POST.lists() if name not in _NOT_TYPED for value in values
    ]
    return typed + [("kept", token) for token in tokens]


@dataclass(frozen=True, kw_only=True)
class Guide:
    """A step in two pages: the form, then exactly what will happen, asked once.

    ``preview`` gives what the second page shows and may raise Refused; ``take`` does it and gives the URL to
    go to. ``forms`` are all forms of the page, the first of which takes what belongs to no field. ``edit``
    shows the form again without looking for mistakes: one more line was asked for, or a recount.
    """

    template: str
    preview_template: str
    forms: Mapping[str, Any]
    preview: Callable[[], Mapping[str, Any]]
    take: Callable[[], str]
    context: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    tokens: Callable[[], list[str]] = list
    edit: bool = False

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page or redirection that answers the request."""
        stage = request.POST.get("stage", "preview")
        if request.method != "POST":
            return self._form(request, 200)
        checked = [each.is_valid() for each in self.forms.values()]
        if self.edit or stage == "edit":
            for each in self.forms.values():
                _without_errors(each)
            return self._form(request, 200)
        if not all(checked):
            return self._form(request, REFUSED_STATUS)
        try:
            if stage == "confirm":
                url = self.take()
                messages.success(request, said(DONE))
                return redirect(url)
            return self._preview(request, self.preview())
        except Refused as refused:
            self._place(refused)
            return self._form(request, REFUSED_STATUS)

    def _place(self, refused: Refused) -> None:
        """Every reason at the field of whichever form has it; the rest above the first."""
        first, *others = self.forms.values()
        for form in others:
            theirs = [each for each in refused.findings if each.field in getattr(form, "fields", {})]
            if theirs:
                refuse_at_fields(form, Refused(theirs), self.names)
        fields = {name for form in others for name in getattr(form, "fields", {})}
        rest = [each for each in refused.findings if each.field not in fields]
        if rest:
            refuse_at_fields(first, Refused(rest), self.names)

    def _form(self, request: HttpRequest, status: int) -> HttpResponse:
        return render(request, self.template, {**self.context, **self.forms}, status=status)

    def _preview(self, request: HttpRequest, shown: Mapping[str, Any]) -> HttpResponse:
        hidden = carried(request, self.tokens())
        return render(
            request, self.preview_template, {**self.context, **self.forms, **shown, "carried": hidden}
        )


def _without_errors(form: Any) -> None:
    """What was typed, without objections to what is not finished yet."""
    for each in getattr(form, "forms", [form]):
        each.errors.clear()


class Plain(HouseForm):
    """A form without a field: a step that only has to be confirmed. ``key`` makes a second click harmless."""

    key = forms.CharField(widget=forms.HiddenInput(), max_length=64, required=False)


def confirmed[Result](
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    do: Callable[[], Result],
    to: Callable[[Result], str],
    shown: Callable[[Result], Mapping[str, Any]] = lambda _: {},
) -> HttpResponse:
    """A step without anything to type: GET shows what will happen, POST does it and goes to the URL that ``to`` gives.

    ``do`` is the verb alone: on GET it is rehearsed, and where it would be refused now the reasons (``bars``) stand in
    the place of the button, as after a POST that was refused. ``shown`` is what the page tells of what it would give.
    """
    bars: list[Finding] = []
    more: Mapping[str, Any] = {}
    try:
        if request.method == "POST":
            url = to(do())
            messages.success(request, said(DONE))
            return redirect(url)
        more = shown(rehearsed(do))
    except Refused as refused:
        bars = reasons_of(refused)
    status = REFUSED_STATUS if request.method == "POST" else 200
    around = {"form": Plain(posted(request), initial={"key": new_key()}), "bars": bars}
    return render(request, template, {**context, **more, **around}, status=status)
