"""Joins the apps at start: hands the higher apps' services to the lower apps' registries."""

from django.apps import AppConfig


class ProfminConfig(AppConfig):
    name = "profmin"
    verbose_name = "Портал"

    def ready(self) -> None:
        from plans.services.binding import follow_tree
        from schools.services.tree import TREE_LISTENERS

        if follow_tree not in TREE_LISTENERS:
            TREE_LISTENERS.append(follow_tree)
