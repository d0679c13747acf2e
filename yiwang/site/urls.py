"""Every route of the site. Chinese stands at /, English at /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path

from yiwang.site import health, rest

urlpatterns = [
    path("healthz", health.answer, name="health"),
    path("api/v1/", include("yiwang.site.rest")),
    re_path("^api/", rest.not_found),
    path("", include("yiwang.common.shell.urls")),
    *i18n_patterns(
        path("account/", include("yiwang.common.identity.urls")),
        path("hall/", include("yiwang.doors.hall.urls")),
        path("", include("yiwang.doors.website.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "yiwang.site.rest.bad_request"
handler403 = "yiwang.common.shell.errors.forbidden"
handler404 = "yiwang.common.shell.errors.not_found"
handler500 = "yiwang.site.rest.server_error"
