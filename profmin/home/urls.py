"""Addresses of the pages that join several apps. Their names have no namespace."""

from django.urls import URLPattern, path

from profmin.home import account, journal, people, workbench

urlpatterns: list[URLPattern] = [
    path("", workbench.home, name="home"),
    path("appointment/", account.appointment_choose, name="appointment_choose"),
    path("people/", people.people, name="people"),
    path("journal/", journal.journal, name="journal"),
]
