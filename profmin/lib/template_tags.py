"""Template words known to every template (a builtin library). See also `templates/components`."""

from django import template

register = template.Library()
