"""The table of contents of the portal."""

from django.urls import include, path

from profmin.admin import SITE

urlpatterns = [
    path("", include("profmin.home.urls")),
    path("", include("profmin.accounts.urls")),
    path("", include("schools.urls")),
    path("", include("plans.urls")),
    path("admin/", SITE.urls),
]
