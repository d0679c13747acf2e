"""What may be done in this room, and by which roles. Whose matter it is, the verbs check besides."""

from __future__ import annotations

from yiwang.common.identity.rules.register import HOUSE_ROLES, MARKET_ROLES
from yiwang.pure.kernel.actors import (
    APPLICANT,
    CENTRE,
    EXPERT,
    OPERATOR,
    SUPERVISOR,
    SYSTEM,
    VISITOR,
    permission,
)

REGISTER_ORGANISATION = permission("register-organisation", VISITOR, APPLICANT, SYSTEM)
EDIT_ORGANISATION = permission("edit-organisation", APPLICANT, *MARKET_ROLES, SYSTEM)
REVIEW_ORGANISATIONS = permission("review-organisations", CENTRE, SYSTEM)
SEE_ORGANISATIONS = permission("see-organisations", CENTRE, SUPERVISOR)
MANAGE_PEOPLE = permission("manage-people", *MARKET_ROLES, CENTRE, SUPERVISOR, OPERATOR, SYSTEM)
MANAGE_KEYS = permission("manage-keys", *MARKET_ROLES)
RESET_LOGINS = permission("reset-logins", *MARKET_ROLES, CENTRE, OPERATOR, SUPERVISOR, SYSTEM)
APPOINT_ADMINISTRATORS = permission("appoint-administrators", CENTRE, SYSTEM)
KEEP_CREDENTIALS = permission("keep-credentials", *MARKET_ROLES)
SEE_CREDENTIALS = permission("see-credentials", *MARKET_ROLES, CENTRE, SUPERVISOR)
ACCEPT_INVITATION = permission(
    "accept-invitation", VISITOR, APPLICANT, *MARKET_ROLES, CENTRE, SUPERVISOR, OPERATOR
)
DELEGATE = permission("delegate", *MARKET_ROLES)
APPOINT = permission("appoint", OPERATOR, SYSTEM)
ESTABLISH = permission("establish", SYSTEM)
REGISTER_EXPERTS = permission("register-experts", CENTRE, SYSTEM)
BE_EXPERT = permission("be-expert", EXPERT)
BE_LOGGED_IN = permission("be-logged-in", APPLICANT, EXPERT, *MARKET_ROLES, *HOUSE_ROLES)
