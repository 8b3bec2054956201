"""Joins the apps at start: hands the higher apps' services to the lower apps' registries."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig


class ProfminConfig(AppConfig):
    name = "profmin"
    verbose_name = "Портал"

    def ready(self) -> None:
        from plans.services.binding import follow_tree
        from plans.services.imports import PUBLISH, READ, settle_stopped
        from plans.tasks import publish_job, read_job
        from profmin.accounts.services import (
            LETTER_CARRIERS,
            SIGN_IN_WITNESSES,
            forget_old_failures,
        )
        from profmin.jobs.services import JOB_HANDLERS, SWEEP_HANDLERS
        from profmin.jobs.tasks import LETTER, carry_letter, letter_job, repeat_letters
        from profmin.journal.services import note_sign_in
        from schools.services.files import sweep_files
        from schools.services.tree import TREE_LISTENERS

        if follow_tree not in TREE_LISTENERS:
            TREE_LISTENERS.append(follow_tree)
        JOB_HANDLERS.update({READ: read_job, PUBLISH: publish_job, LETTER: letter_job})
        for handler in (settle_stopped, sweep_files, repeat_letters, forget_old_failures):
            if handler not in SWEEP_HANDLERS:
                SWEEP_HANDLERS.append(handler)
        if carry_letter not in LETTER_CARRIERS:
            LETTER_CARRIERS.append(carry_letter)
        if note_sign_in not in SIGN_IN_WITNESSES:
            SIGN_IN_WITNESSES.append(note_sign_in)


class PortalAdminConfig(SimpleAdminConfig):
    """Django's admin with our own site; other apps' models are not looked for: they would come
    in without a scope."""

    default_site = "profmin.admin.site.PortalAdminSite"
