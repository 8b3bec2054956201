"""Addresses of the pages that join several apps. Their names have no namespace."""

from django.urls import URLPattern, path

from profmin.home import account, design, journal, people, workbench

urlpatterns: list[URLPattern] = [
    path("", workbench.home, name="home"),
    path("account/", account.account, name="account"),
    path("account/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("account/name/", account.account_name, name="account_name"),
    path("email/<str:token>/", account.email_confirm, name="email_confirm"),
    path("email/<str:token>/cancel/", account.email_cancel, name="email_cancel"),
    path("appointment/", account.appointment_choose, name="appointment_choose"),
    path("people/", people.people, name="people"),
    path("people/appoint/", people.person_appoint, name="person_appoint"),
    path("people/<int:appointment_id>/", people.person_detail, name="person_detail"),
    path(
        "people/<int:appointment_id>/substitute/",
        people.person_substitute,
        name="person_substitute",
    ),
    path("people/<int:appointment_id>/end/", people.appointment_end, name="appointment_end"),
    path(
        "people/<int:appointment_id>/invite-again/",
        people.person_invite_again,
        name="person_invite_again",
    ),
    path("people/<int:appointment_id>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:appointment_id>/block/", people.person_block, name="person_block"),
    path("design/", design.design, name="design"),
    path("journal/", journal.journal, name="journal"),
]
