"""Routes of identity, below /account/."""

from __future__ import annotations

from django.urls import path

from yiwang.common.identity.views import (
    administrators,
    colleagues,
    credentials,
    experts,
    keys,
    login,
    passkeys,
    recovering,
    registering,
    reviewing,
    ties,
)

app_name = "identity"
urlpatterns = [
    path("login/", login.login, name="login"),
    path("one-time-code/", login.one_time_code, name="one-time-code"),
    path("enrol/", login.enrolment, name="enrol"),
    path("passkey/", passkeys.log_in, name="passkey"),
    path("passkey/question/", passkeys.question, name="passkey-question"),
    path("passkeys/", passkeys.mine, name="passkeys"),
    path("passkeys/<slug:code>/revoke/", passkeys.revoke, name="passkey-revoke"),
    path("recovery/", recovering.recovery, name="recovery"),
    path("recovery-codes/", recovering.codes, name="recovery-codes"),
    path("password/", recovering.password, name="password"),
    path("sessions/end/", recovering.end_others, name="end-others"),
    path("reset/", recovering.redeem, name="reset-redeem"),
    path("resets/", recovering.resets, name="resets"),
    path("resets/<slug:code>/", recovering.decide, name="reset-decide"),
    path("administrators/", administrators.requests, name="administrators"),
    path("administrators/<slug:code>/", administrators.decide, name="administrator-decide"),
    path("session/", login.session, name="session"),
    path("session/back/", login.back, name="back"),
    path("logout/", login.logout, name="logout"),
    path("choose/", login.choose, name="choose"),
    path("enter-as/", login.enter_as, name="enter-as"),
    path("register/", registering.register, name="register"),
    path("organisation/", registering.my_organisation, name="my-organisation"),
    path("organisation/people/", registering.people, name="people"),
    path("organisation/people/<slug:code>/", colleagues.colleague, name="colleague"),
    path("organisation/invitations/", colleagues.invitations, name="invitations"),
    path("organisation/invitations/<slug:code>/withdraw/", colleagues.withdraw, name="invitation-withdraw"),
    path("organisation/delegation/", colleagues.delegation, name="delegation"),
    path("credentials/", credentials.mine, name="credentials"),
    path("credentials/new/<slug:kind>/", credentials.new, name="credential-new"),
    path("credentials/review/", credentials.review_list, name="credential-reviews"),
    path("credentials/review/<slug:code>/", credentials.review_one, name="credential-review"),
    path("credentials/<slug:code>/", credentials.one, name="credential"),
    path("credentials/<slug:code>/update/", credentials.update, name="credential-update"),
    path("credentials/<slug:code>/withdraw/", credentials.withdraw, name="credential-withdraw"),
    path(
        "credentials/<slug:code>/documents/<slug:sha256>/", credentials.document, name="credential-document"
    ),
    path("organisation/ties/", ties.my_ties, name="ties"),
    path("ties/", ties.ties_reviews, name="ties-reviews"),
    path("invitation/", colleagues.accept, name="accept"),
    path("organisation/keys/", keys.keys, name="keys"),
    path("organisation/keys/<slug:code>/revoke/", keys.revoke, name="key-revoke"),
    path("experts/", experts.expert_list, name="experts"),
    path("expertise/", experts.my_expertise, name="my-expertise"),
    path("review/", reviewing.review_list, name="review"),
    path("review/<slug:code>/", reviewing.review_one, name="review-one"),
]
