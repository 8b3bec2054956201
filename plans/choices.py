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
