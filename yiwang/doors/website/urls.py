"""Routes of the public site. All but search, what follows it and the list of suppliers stand in for files that the front serves before Django."""

from django.urls import path, re_path

from yiwang.doors.website.views import following, reading, supplying

app_name = "website"
urlpatterns = [
    path("search/", reading.search, name="search"),
    path("search/follow/", following.follow, name="follow"),
    path("search/feed.xml", following.rss, name="search-feed"),
    path("search/atom.xml", following.atom, name="search-atom"),
    path("search/calendar.ics", following.dates, name="search-calendar"),
    path("suppliers/", supplying.suppliers, name="suppliers"),
    path("subscriptions/confirm/<str:token>/", following.confirm, name="subscription-confirm"),
    path("subscriptions/end/<str:token>/", following.end, name="subscription-end"),
    re_path(
        r"^(?P<path>(?:notices|projects|suppliers|calendar|sitemaps)/(?:[A-Za-z0-9._-]+/)*(?:[A-Za-z0-9._-]+)?)$",
        reading.page,
    ),
    re_path(r"^(?P<path>(?:check|guide)/|feed\.xml|sitemap\.xml|robots\.txt)$", reading.page),
    path("", reading.page, name="home"),
]
