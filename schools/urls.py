"""Addresses of organisations and their files."""

from django.urls import URLPattern, path

from schools.views import files, register, units

app_name = "schools"

urlpatterns: list[URLPattern] = [
    path("units/", units.unit_list, name="unit_list"),
    path("units/new/", units.unit_new, name="unit_new"),
    path("units/register/", register.register_import, name="register_import"),
    path("units/register/template/", register.register_template, name="register_template"),
    path("units/register/<int:file_id>/", register.register_review, name="register_review"),
    path("files/<int:file_id>/", files.file_open, name="file_open"),
    path("units/<int:unit_id>/", units.unit_detail, name="unit_detail"),
    path("units/<int:unit_id>/rename/", units.unit_rename, name="unit_rename"),
    path("units/<int:unit_id>/move/", units.unit_move, name="unit_move"),
    path("units/<int:unit_id>/merge/", units.unit_merge, name="unit_merge"),
    path("units/<int:unit_id>/close/", units.unit_close, name="unit_close"),
    path("units/<int:unit_id>/reopen/", units.unit_reopen, name="unit_reopen"),
]
