"""What the journal may say of people and organisations. What is personal is only ever a private value."""

from __future__ import annotations

from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import kind

PERSON_CREATED = kind("person-created", public="never", zh="建立用户", en="Person created")
PERSON_CLOSED = kind("person-closed", public="never", zh="停用用户", en="Person closed")
PERSON_ENROLLED = kind("person-enrolled", public="never", zh="绑定动态口令", en="One-time codes enrolled")
LOGIN_RESET = kind("login-reset", public="never", zh="重置登录", en="Login reset")
LOGGED_IN = kind("logged-in", public="never", zh="登录", en="Logged in")
LOGIN_LOCKED = kind("login-locked", public="never", zh="登录锁定", en="Login locked")
PASSKEY_MADE = kind("passkey-made", public="never", zh="添加通行密钥", en="Passkey added")
PASSKEY_REVOKED = kind("passkey-revoked", public="never", zh="吊销通行密钥", en="Passkey revoked")
PASSKEY_COPIED = kind(
    "passkey-copied",
    public="never",
    zh="通行密钥疑似被复制，已拒绝登录",
    en="Passkey seems copied: login refused",
)
RECOVERY_CODES_MADE = kind("recovery-codes-made", public="never", zh="生成恢复码", en="Recovery codes made")
RECOVERY_USED = kind("recovery-used", public="never", zh="使用恢复码登录", en="Recovery code used")
PASSWORD_CHANGED = kind("password-changed", public="never", zh="修改密码", en="Password changed")
RESET_ASKED = kind("reset-asked", public="never", zh="申请重置登录", en="Reset of the login asked for")
RESET_ALLOWED = kind("reset-allowed", public="never", zh="批准重置登录", en="Reset of the login allowed")
RESET_DECLINED = kind("reset-declined", public="never", zh="不批准重置登录", en="Reset of the login declined")
SESSIONS_ENDED = kind("sessions-ended", public="never", zh="退出其他设备", en="Other sessions ended")

ORGANISATION_REGISTERED = kind(
    "organisation-registered", public="never", zh="主体登记", en="Organisation registered"
)
ORGANISATION_CORRECTED = kind(
    "organisation-corrected", public="never", zh="更正登记信息", en="Registration corrected"
)
ORGANISATION_SUBMITTED = kind(
    "organisation-submitted", public="never", zh="提交入库审核", en="Registration submitted for review"
)
ORGANISATION_RETURNED = kind(
    "organisation-returned", public="never", zh="退回入库申请", en="Registration returned"
)
ORGANISATION_ADMITTED = kind(
    "organisation-admitted", public="now", zh="主体入库", en="Organisation admitted to the register"
)

MEMBERSHIP_GRANTED = kind("membership-granted", public="never", zh="授予身份", en="Role granted")
MEMBERSHIP_ENDED = kind("membership-ended", public="never", zh="终止身份", en="Role ended")
MEMBERSHIP_SUSPENDED = kind("membership-suspended", public="never", zh="暂停身份", en="Roles suspended")
MEMBERSHIP_RESUMED = kind("membership-resumed", public="never", zh="恢复身份", en="Roles resumed")
MEMBERSHIP_DELEGATED = kind("membership-delegated", public="never", zh="委托身份", en="Role delegated")
ADMINISTRATOR_CHANGED = kind(
    "administrator-changed", public="never", zh="变更单位管理员", en="Administrator changed"
)
ADMINISTRATOR_ASKED = kind(
    "administrator-asked", public="never", zh="申请指定单位管理员", en="A new administrator asked for"
)
ADMINISTRATOR_APPOINTED = kind(
    "administrator-appointed", public="never", zh="指定为单位管理员", en="Made administrator by the centre"
)
ADMINISTRATOR_DECLINED = kind(
    "administrator-declined", public="never", zh="不批准指定单位管理员", en="A new administrator declined"
)
INVITED = kind("person-invited", public="never", zh="邀请人员", en="Person invited")
INVITATION_WITHDRAWN = kind("invitation-withdrawn", public="never", zh="撤回邀请", en="Invitation withdrawn")
INVITATION_ACCEPTED = kind("invitation-accepted", public="never", zh="接受邀请", en="Invitation accepted")

TIES_DECLARED = kind(
    "ties-declared", public="never", zh="申报负责人和控股、管理关系", en="Head and control declared"
)
TIES_VERIFIED = kind(
    "ties-verified", public="never", zh="核验负责人和控股、管理关系", en="Head and control verified"
)
TIES_RETURNED = kind(
    "ties-returned", public="never", zh="退回负责人和控股、管理关系申报", en="Head and control returned"
)
EXPERT_REGISTERED = kind("expert-registered", public="never", zh="登记评标专家", en="Expert registered")
EXPERT_ENDED = kind("expert-ended", public="never", zh="移出评标专家", en="Expert taken off the list")
EXPERT_AWAY = kind("expert-away", public="never", zh="评标专家暂不参加评标", en="Expert away for a time")
AVOIDANCE_DECLARED = kind("avoidance-declared", public="never", zh="评标专家申报回避", en="Interest declared")
AVOIDANCE_ENDED = kind("avoidance-ended", public="never", zh="撤销回避申报", en="Declared interest ended")

API_KEY_MADE = kind("api-key-made", public="never", zh="生成接口密钥", en="API key made")
API_KEY_REVOKED = kind("api-key-revoked", public="never", zh="吊销接口密钥", en="API key revoked")

CREDENTIAL_SUBMITTED = kind(
    "credential-submitted", public="never", zh="提交资信记录", en="Credential submitted"
)
CREDENTIAL_RETURNED = kind("credential-returned", public="never", zh="退回资信记录", en="Credential returned")
CREDENTIAL_VERIFIED = kind("credential-verified", public="now", zh="核验资信记录", en="Credential verified")
PERSONNEL_VERIFIED = kind(
    "personnel-verified", public="never", zh="核验人员证书", en="Certificate of a person verified"
)
CREDENTIAL_WITHDRAWN = kind(
    "credential-withdrawn", public="never", zh="撤下资信记录", en="Credential withdrawn"
)

LOGIN_WORDS = {
    each.name: each.words
    for each in (
        PERSON_ENROLLED, LOGIN_RESET, LOGGED_IN, LOGIN_LOCKED, PASSKEY_MADE, PASSKEY_REVOKED, PASSKEY_COPIED,
        RECOVERY_CODES_MADE, RECOVERY_USED, PASSWORD_CHANGED, RESET_ASKED, RESET_ALLOWED, RESET_DECLINED, SESSIONS_ENDED,
    )
}  # fmt: skip


# What happens to somebody's account: its owner is told of it by mail, wherever it came from.
ACCOUNT_EVENTS = {
    each.name: each.words
    for each in (
        PERSON_CLOSED, PERSON_ENROLLED, LOGIN_RESET, LOGIN_LOCKED, PASSKEY_MADE, PASSKEY_REVOKED, PASSKEY_COPIED,
        RECOVERY_CODES_MADE, RECOVERY_USED, PASSWORD_CHANGED, RESET_ASKED, RESET_ALLOWED, RESET_DECLINED, SESSIONS_ENDED,
        MEMBERSHIP_GRANTED, MEMBERSHIP_ENDED, MEMBERSHIP_SUSPENDED, MEMBERSHIP_RESUMED, MEMBERSHIP_DELEGATED,
        ADMINISTRATOR_CHANGED, ADMINISTRATOR_ASKED, ADMINISTRATOR_APPOINTED, ADMINISTRATOR_DECLINED,
        API_KEY_MADE, API_KEY_REVOKED,
    )
}  # fmt: skip


def person_ref(code: str) -> Ref:
    """The reference of a person."""
    return Ref("identity", "person", code)


def organisation_ref(code: str) -> Ref:
    """The reference of an organisation."""
    return Ref("identity", "organisation", code)
