"""What each role may do: the whole table on one screen. Where it may do it is the Scope's matter."""

from enum import StrEnum

from django.db import models


class Role(models.TextChoices):
    """The roles of product.md, «People»."""

    MINISTRY = "ministry", "сотрудник министерства"
    OPERATOR = "operator", "региональный оператор"
    MUNICIPALITY = "municipality", "муниципальный координатор"
    SCHOOL = "school", "ответственный в школе"
    ASSISTANT = "assistant", "помощник ответственного"
    PARTNER = "partner", "партнёр"
    OBSERVER = "observer", "наблюдатель"
    ADMINISTRATOR = "administrator", "администратор"


class Permission(StrEnum):
    """A thing that may be done: NOUN_VERB."""

    UNIT_VIEW = "unit_view"
    UNIT_EDIT = "unit_edit"  # open, rename, move, merge, close; import a register
    PERSON_VIEW = "person_view"  # people of one's subtree with their contacts
    PERSON_APPOINT = "person_appoint"  # invite, appoint, substitute, end
    PERSON_EDIT = "person_edit"  # block, change the e-mail
    ROADMAP_VIEW = "roadmap_view"
    ROADMAP_PUBLISH = "roadmap_publish"  # import, review, publish: of one's own unit
    ASSIGNMENT_VIEW = "assignment_view"
    ASSIGNMENT_SAVE = "assignment_save"  # comment, proofs, in progress
    ASSIGNMENT_REPORT = "assignment_report"  # done, not applicable
    ASSIGNMENT_CONFIRM = "assignment_confirm"  # confirm and return, for units below one's own
    JOURNAL_VIEW = "journal_view"
    DICTIONARY_EDIT = "dictionary_edit"  # how the region calls its responsible parties
    ADMIN_ENTER = "admin_enter"


_READ = {
    Permission.UNIT_VIEW,
    Permission.ROADMAP_VIEW,
    Permission.ASSIGNMENT_VIEW,
    Permission.JOURNAL_VIEW,
}
_FILL = {Permission.ASSIGNMENT_SAVE}
_REPORT = _FILL | {Permission.ASSIGNMENT_REPORT}
_LEAD = {
    Permission.PERSON_VIEW,
    Permission.PERSON_APPOINT,
    Permission.ROADMAP_PUBLISH,
    Permission.ASSIGNMENT_CONFIRM,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.MINISTRY: frozenset(_READ | _REPORT | _LEAD | {Permission.DICTIONARY_EDIT}),
    Role.OPERATOR: frozenset(
        _READ | _REPORT | {Permission.PERSON_VIEW, Permission.ROADMAP_PUBLISH}
    ),
    Role.MUNICIPALITY: frozenset(_READ | _REPORT | _LEAD),
    Role.SCHOOL: frozenset(_READ | _REPORT | {Permission.PERSON_VIEW, Permission.PERSON_APPOINT}),
    Role.ASSISTANT: frozenset(_READ | _FILL),
    Role.PARTNER: frozenset(_READ | _REPORT),
    Role.OBSERVER: frozenset(_READ),
    Role.ADMINISTRATOR: frozenset(
        _READ
        | {
            Permission.UNIT_EDIT,
            Permission.PERSON_VIEW,
            Permission.PERSON_APPOINT,
            Permission.PERSON_EDIT,
            Permission.DICTIONARY_EDIT,
            Permission.ADMIN_ENTER,
        }
    ),
}
