"""What other rooms may ask of identity, and the verbs that change the register."""

from __future__ import annotations

from collections.abc import Mapping

from yiwang.common.identity.address import client_address
from yiwang.common.identity.credential_queries import (
    CredentialLine,
    credential,
    credentials_of,
    public_credentials,
    usable_credentials,
    waiting_credentials,
)
from yiwang.common.identity.key_tries import Measure, key_wait_seconds, note_key_verb, note_wrong_key
from yiwang.common.identity.kinds import (
    ACCOUNT_EVENTS,
    CREDENTIAL_VERIFIED,
    ORGANISATION_ADMITTED,
    organisation_ref,
    person_ref,
)
from yiwang.common.identity.middleware import ActorMiddleware
from yiwang.common.identity.queries import (
    Colleague,
    ExpertLine,
    KeyLine,
    Member,
    NoSuchParty,
    Party,
    actor_of_key,
    address_of,
    colleagues,
    experts,
    keys_of,
    members,
    names_of_people,
    organisation,
    organisation_names,
    organisations,
    organisations_called,
    parties,
    people_of,
    person_name,
    person_names,
    rehearsal_people,
    waiting_registrations,
    waiting_verifications,
)
from yiwang.common.identity.rules.credentials import KIND_WORDS as CREDENTIAL_KIND_WORDS
from yiwang.common.identity.rules.credentials import (
    PERFORMANCE,
    PERSONNEL,
    QUALIFICATION,
    manager_certificate,
)
from yiwang.common.identity.rules.experts import ExpertFacts
from yiwang.common.identity.rules.register import (
    ADMITTED,
    HOUSE_ROLES,
    MARKET_ROLES,
    ROLE_WORDS,
    STATUS_WORDS,
)
from yiwang.common.identity.rules.ties import TiesFacts
from yiwang.common.identity.services.administrators import ask_administrator, decide_administrator
from yiwang.common.identity.services.colleagues import (
    delegate,
    hand_over,
    resume_colleague,
    set_administrator,
    suspend_colleague,
)
from yiwang.common.identity.services.credentials import (
    SNAPSHOT_NAME,
    return_credential,
    snapshot,
    submit_credential,
    verify_credential,
    withdraw_credential,
)
from yiwang.common.identity.services.experts import (
    be_away,
    declare_avoidance,
    end_avoidance,
    end_expert,
    register_expert,
)
from yiwang.common.identity.services.invitations import (
    NewPerson,
    accept_invitation,
    invite,
    withdraw_invitation,
)
from yiwang.common.identity.services.keys import NewKey, make_key, revoke_key
from yiwang.common.identity.services.memberships import (
    MEMBERSHIP_DUTY,
    appoint,
    end_membership,
    grant_membership,
    membership_due,
)
from yiwang.common.identity.services.people import add_person, close_person, create_person
from yiwang.common.identity.services.recovery import (
    ask_reset,
    decide_reset,
    make_recovery_codes,
    redeem_reset,
)
from yiwang.common.identity.services.registration import (
    edit_organisation,
    establish,
    register_organisation,
    submit_registration,
)
from yiwang.common.identity.services.review import admit_organisation, return_registration
from yiwang.common.identity.services.ties import declare_ties, return_ties, verify_ties
from yiwang.common.identity.throttle import Limit, note_tries, wait_seconds
from yiwang.common.identity.ties_queries import TiesLine, verified_ties
from yiwang.record.journal.api import Duty

# What falls due in this room: site gives it to the worker.
DUTIES: Mapping[str, Duty] = {MEMBERSHIP_DUTY: membership_due}

__all__ = [
    "DUTIES",
    # reading
    "Party", "Member", "NoSuchParty",
    "organisation", "organisations", "organisation_names", "organisations_called", "parties", "person_name", "person_names", "people_of", "names_of_people", "members", "Colleague", "colleagues", "rehearsal_people",
    "waiting_registrations", "waiting_verifications",
    "ROLE_WORDS", "STATUS_WORDS", "MARKET_ROLES", "HOUSE_ROLES", "ADMITTED",
    # verbs
    "create_person", "add_person", "close_person",
    "make_recovery_codes", "ask_reset", "decide_reset", "redeem_reset",
    "register_organisation", "edit_organisation", "submit_registration", "establish",
    "return_registration", "admit_organisation",
    # experts
    "ExpertFacts", "ExpertLine", "experts", "register_expert", "end_expert", "be_away",
    "declare_avoidance", "end_avoidance",
    # who heads, controls and manages an organisation
    "TiesFacts", "TiesLine", "declare_ties", "verify_ties", "return_ties", "verified_ties",
    "grant_membership", "appoint", "end_membership",
    "invite", "withdraw_invitation", "accept_invitation", "NewPerson",
    "ask_administrator", "decide_administrator",
    "suspend_colleague", "resume_colleague", "set_administrator", "hand_over", "delegate",
    # what an organisation has verified once and reuses
    "CredentialLine", "credential", "credentials_of", "public_credentials", "usable_credentials", "waiting_credentials",
    "submit_credential", "verify_credential", "return_credential", "withdraw_credential", "snapshot", "SNAPSHOT_NAME", "manager_certificate",
    "QUALIFICATION", "PERFORMANCE", "PERSONNEL", "CREDENTIAL_KIND_WORDS", "CREDENTIAL_VERIFIED",
    # keys of programs
    "KeyLine", "NewKey", "keys_of", "actor_of_key", "make_key", "revoke_key",
    "key_wait_seconds", "note_wrong_key", "note_key_verb", "client_address",
    # slowing down
    "Limit", "Measure", "wait_seconds", "note_tries",
    # the record and the request
    "ACCOUNT_EVENTS", "address_of",
    "ORGANISATION_ADMITTED", "person_ref", "organisation_ref", "ActorMiddleware",
]  # fmt: skip
