"""The stored words of plans: codes in English, what a person reads in Russian."""

from django.db import models


class DeadlineKind(models.TextChoices):
    """How a written deadline was read (domain.md, «Deadlines»)."""

    BY_DATE = "by_date", "до даты"
    ON_DATE = "on_date", "в день"
    WINDOW = "window", "период"
    RECURRING = "recurring", "регулярно"
    WHOLE_PERIOD = "whole_period", "весь период"
    CONTINUOUS = "continuous", "постоянно"
    EXTERNAL = "external", "срок назначат отдельно"
    NONE = "none", "без срока"


class PartyKind(models.TextChoices):
    """Who may be named as responsible (domain.md, «Responsible parties»)."""

    REGION = "region", "регион"
    OTHER_AUTHORITY = "other_authority", "другой орган власти"
    OPERATOR = "operator", "региональный оператор"
    FEDERAL_OPERATOR = "federal_operator", "федеральный оператор"
    MUNICIPALITY = "municipality", "муниципалитет"
    SCHOOL = "school", "школа"
    PARTNER = "partner", "партнёр"
    PERSON = "person", "должностное лицо"


class DueState(models.TextChoices):
    """The state of one due date of an assignment; lateness is computed, never stored."""

    NOT_STARTED = "not_started", "не начато"
    IN_PROGRESS = "in_progress", "в работе"
    DONE = "done", "выполнено"
    NOT_APPLICABLE = "not_applicable", "не применимо"
    RETURNED = "returned", "возвращено"


# Not done yet: what can become late.
OPEN_STATES = frozenset({DueState.NOT_STARTED, DueState.IN_PROGRESS, DueState.RETURNED})

# From worst to best: an assignment counts by its worst due (late stands before all of them).
WORST_FIRST: tuple[DueState, ...] = (
    DueState.RETURNED,
    DueState.NOT_STARTED,
    DueState.IN_PROGRESS,
    DueState.DONE,
    DueState.NOT_APPLICABLE,
)


class ProofKind(models.TextChoices):
    """What proves that an item was carried out."""

    LINK = "link", "ссылка"
    FILE = "file", "файл"


class ImportState(models.TextChoices):
    """Where the import of a document stands."""

    READING = "reading", "читается"
    FAILED = "failed", "не прочитан"
    REVIEW = "review", "на проверке"
    PUBLISHING = "publishing", "публикуется"
    PUBLISHED = "published", "опубликован"
    DISCARDED = "discarded", "отменён"
