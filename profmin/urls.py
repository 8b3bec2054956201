"""The table of contents of the portal."""

from django.urls import include, path

urlpatterns = [
    path("", include("profmin.home.urls")),
    path("", include("profmin.accounts.urls")),
    path("", include("schools.urls")),
    path("", include("plans.urls")),
]
