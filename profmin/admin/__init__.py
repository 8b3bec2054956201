"""Django's admin for units, people and dictionaries: the same Access, the same services."""

from django.contrib import admin

from profmin.admin import people, plans, records, units

SITE = admin.site

__all__ = ["SITE", "people", "plans", "records", "units"]
