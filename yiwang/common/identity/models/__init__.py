"""Storage of identity, one file a matter; Django looks for all of it here."""

from yiwang.common.identity.models.credentials import Credential, CredentialVersion
from yiwang.common.identity.models.experts import Avoidance, Expert
from yiwang.common.identity.models.passkeys import Passkey
from yiwang.common.identity.models.recovery import AdministratorRequest, LoginReset, RecoveryCode
from yiwang.common.identity.models.register import (
    ApiKey,
    Attempt,
    Invitation,
    Membership,
    Organisation,
    Person,
    PersonManager,
    new_person_code,
)
from yiwang.common.identity.models.ties import Ties

__all__ = [
    "Person", "PersonManager", "new_person_code", "Organisation", "Membership", "Invitation", "ApiKey", "Attempt", "Passkey",
    "RecoveryCode", "LoginReset", "AdministratorRequest",
    "Credential", "CredentialVersion",
    "Expert", "Avoidance",
    "Ties",
]  # fmt: skip
