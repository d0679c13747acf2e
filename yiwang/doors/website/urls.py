"""Routes of the public site. All but search stand in for files that the front serves before Django."""

from django.urls import path, re_path

from yiwang.doors.website import views

app_name = "website"
urlpatterns = [
    path("search/", views.search, name="search"),
    re_path(
        r"^(?P<path>(?:notices|projects|calendar|sitemaps)/(?:[A-Za-z0-9._-]+/)*(?:[A-Za-z0-9._-]+)?)$",
        views.page,
    ),
    re_path(r"^(?P<path>(?:check|guide)/|feed\.xml|sitemap\.xml|robots\.txt)$", views.page),
    path("", views.page, name="home"),
]
