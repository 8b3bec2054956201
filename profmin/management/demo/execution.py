"""The demo's year, half carried out: every bound unit's deeds, in the order of their moments.

What becomes of a due is left to chance, seeded by the unit and the item: every loading of a day
is equal.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any

from plans.choices import DueState
from plans.models import Assignment, Due, Roadmap
from plans.services.execution import confirm_due, mark_not_applicable, return_due
from plans.services.reporting import Report, hand_in_report, save_report
from profmin.accounts.roles import Role
from profmin.journal.services import Actor
from profmin.management.demo.dates import Days
from profmin.management.demo.documents import DemoDocument
from profmin.management.demo.people import actor_of
from profmin.management.demo.proofs import proof_file
from profmin.management.demo.timeline import Event
from profmin.management.demo.times import chance, moment
from schools.choices import UnitKind
from schools.models import Appointment, OrgUnit

SOON = timedelta(days=45)  # what falls due later has hardly been begun
LINKS, FILES = 0.3, 0.025  # shares of reports that prove by a link, by a file
SKIPPED_MORE = 3  # where some may skip an item, more of them do
_RESPONSIBLE = frozenset(
    {Role.MINISTRY, Role.OPERATOR, Role.MUNICIPALITY, Role.SCHOOL, Role.PARTNER}
)
_SERVED = frozenset({UnitKind.PARTNER, UnitKind.AUTHORITY})  # the operator may report for them


@dataclass(frozen=True)
class Cast:
    """Who acts for which unit."""

    responsible: Mapping[int, Actor]
    assistants: Mapping[int, Actor]
    operator: Actor
    care: Mapping[str, str]  # path of a municipality → how it works

    def reporter(self, unit: OrgUnit) -> tuple[Actor | None, bool]:
        """Who reports for a unit, and whether that is the operator for a partner."""
        key = unit.parent_id if unit.kind == UnitKind.BRANCH else unit.pk
        found = self.responsible.get(key or 0)
        if found is None and unit.kind in _SERVED:
            return self.operator, True
        return found, False

    def confirmer(self, assignment: Assignment) -> Actor | None:
        """Who gives the second mark: the nearest unit above that leads."""
        above = assignment.unit.parent
        while above is not None and above.kind not in (UnitKind.MUNICIPALITY, UnitKind.REGION):
            above = above.parent
        return self.responsible.get(above.pk) if above else None

    def care_for(self, unit: OrgUnit) -> str:
        path = unit.path or ""
        if unit.kind == UnitKind.REGION:
            return "leading"
        return next((care for root, care in self.care.items() if path.startswith(root)), "good")


def cast_of(region: OrgUnit, *, care: Mapping[str, str], days: Days) -> Cast:
    """Everybody who has accepted an appointment; `care` by codes of municipalities."""
    held = (
        Appointment.objects.accepted()
        .filter(unit__region=region, substitutes=None, starts_on__lte=days.today)
        .select_related("user", "unit")
        .order_by("-pk")
    )
    responsible = {one.unit_id: actor_of(one) for one in held if one.role in _RESPONSIBLE}
    assistants = {one.unit_id: actor_of(one) for one in held if one.role == Role.ASSISTANT}
    towns = OrgUnit.objects.filter(region=region, code__in=care)
    return Cast(
        responsible,
        assistants,
        operator=next(actor_of(one) for one in held if one.role == Role.OPERATOR),
        care={town.path or "": care[town.code] for town in towns},
    )


def deeds_of(
    roadmap: Roadmap,
    *,
    document: DemoDocument,
    texts: Mapping[str, Any],
    cast: Cast,
    days: Days,
    gone: Mapping[str, date],
    only: OrgUnit | None = None,
    first: date | None = None,
) -> Iterator[Event]:
    """Everything that was done about the roadmap until yesterday.

    `gone`: codes of units that stop working, with the day: what is due from then on they leave
    alone. `only` this unit, from the day `first` on: one that was opened later.
    """
    showcase = _Showcase(texts["showcase"], days)
    first = first or (document.published or days.opened) + timedelta(days=1)
    bound = (
        roadmap.assignments.filter(**({"unit": only} if only else {}))
        .select_related("item", "unit__parent__parent", "roadmap")
        .prefetch_related("dues")
        .order_by("unit__path", "item__position")
    )
    for assignment in bound:
        by, stands_in = cast.reporter(assignment.unit)
        if by is None:
            continue
        ends = gone.get(assignment.unit.code)
        for due in sorted(assignment.dues.all(), key=lambda due: due.due_on or date.max):
            if ends and (due.due_on or date.max) >= ends:
                continue
            due.assignment = assignment
            rng = chance(
                f"{assignment.unit.code}|{roadmap.year}|{assignment.item.number}|{due.due_on}"
            )
            chosen = showcase.outcome(due)
            may_skip = bool(document.said(assignment.item.number, "skipped"))
            table = _table(due, texts["outcomes"], cast, days, may_skip=may_skip)
            outcome = chosen or rng.choices(list(table), list(table.values()))[0]
            story = _Story(
                due=due,
                by=by,
                stands_in=stands_in,
                cast=cast,
                texts=texts,
                document=document,
                rng=rng,
                first=first,
                last=ends - timedelta(days=1) if ends else days.yesterday,
                shown=chosen is not None,
            )
            yield from story.events(outcome)


class _Showcase:
    """The school whose password is shown has something of everything."""

    def __init__(self, data: Mapping[str, Any], days: Days) -> None:
        self._code, self._days = data["unit"], days
        self._past, self._ahead = cycle(data["outcomes"]), cycle(data["ahead"])

    def outcome(self, due: Due) -> str | None:
        assignment = due.assignment
        if assignment.unit.code != self._code:
            return None
        if assignment.roadmap.year < self._days.year:
            return "confirmed"
        told = {"past": self._past, "soon": self._ahead}.get(_when(due, self._days))
        return next(told) if told else None


def _when(due: Due, days: Days) -> str:
    """Has its day passed, is it near (or has its time begun, or has it no day), or is it far?"""
    if due.due_on is None:
        return "open"
    if due.due_on < days.today:
        return "past"
    if due.due_on <= days.today + SOON:
        return "soon"
    return "open" if due.starts_on and due.starts_on <= days.today else "far"


def _table(
    due: Due,
    tables: Mapping[str, Mapping[str, int]],
    cast: Cast,
    days: Days,
    *,
    may_skip: bool,
) -> Mapping[str, int]:
    """What may become of a due, with its chances."""
    when = _when(due, days)
    if when != "past":
        return tables[when]
    is_over = due.assignment.roadmap.year < days.year
    table = dict(tables["last_year" if is_over else cast.care_for(due.assignment.unit)])
    table["not_applicable"] *= SKIPPED_MORE if may_skip else 0
    return table


@dataclass(frozen=True)
class _Story:
    """What becomes of one due between the days `first` and `last`."""

    due: Due
    by: Actor
    stands_in: bool
    cast: Cast
    texts: Mapping[str, Any]
    document: DemoDocument
    rng: Random
    first: date
    last: date
    shown: bool

    def events(self, outcome: str) -> list[Event]:
        """The deeds in their order; none for what nobody has touched."""
        if outcome in ("late", "untouched"):
            return []
        if outcome == "in_progress":
            return [self._deed(self._day(), self._save)]
        act = self._not_applicable if outcome == "not_applicable" else self._done
        reported = self._deed(self._day(), act)
        prepared = [] if outcome == "not_applicable" else self._prepared(reported)
        return [*prepared, reported, *self._seen(outcome, reported)]

    def _deed(self, day: date, act: Callable[[datetime], object]) -> Event:
        return self._event(moment(day, self.rng), act)

    def _event(self, at: datetime, act: Callable[[datetime], object]) -> Event:
        assignment = self.due.assignment

        def done(now: datetime) -> tuple[Event, ...]:
            act(now)
            self.due.assignment = assignment  # every deed reads the due anew, without it
            return ()

        return Event(at, done)

    def _day(self) -> date:
        """Around the due day, mostly before it."""
        due_on = self.due.due_on or self.last
        if due_on > self.last:
            day = self.last - timedelta(days=self.rng.randint(0, 25))
        else:
            day = due_on - timedelta(days=self.rng.choice((0, 0, 1, 1, 2, 3, 5, 8, 12, -1, -3)))
        day -= timedelta(days=max(day.weekday() - 4, 0))
        return min(max(day, self.first), self.last)

    def _seen(self, outcome: str, reported: Event) -> list[Event]:
        """The mark of the unit above some days later, if that has come."""
        by = self.cast.confirmer(self.due.assignment)
        day = reported.at.date() + timedelta(days=self.rng.randint(1, 6))
        day += timedelta(days=max(7 - day.weekday(), 0) if day.weekday() > 4 else 0)
        if outcome == "returned" or self.shown:
            day = min(day, self.last)
        too_late = day > self.last or day <= reported.at.date()
        if by is None or outcome == "done" or too_late:
            return []
        if outcome == "returned":
            return [self._deed(day, lambda now: self._return(by, now))]
        return [self._deed(day, lambda now: self._confirm(by, now))]

    def _prepared(self, reported: Event) -> list[Event]:
        """Where a school has an assistant, the assistant writes the draft."""
        by = self.cast.assistants.get(self.due.assignment.unit_id)
        earlier = reported.at.date() - timedelta(days=1)
        earlier -= timedelta(days=max(earlier.weekday() - 4, 0))
        if by is None or earlier < self.first:
            return []
        return [self._deed(earlier, lambda now: self._write(by, now))]

    # Deeds

    def _save(self, now: datetime) -> None:
        self._write(self.cast.assistants.get(self.due.assignment.unit_id, self.by), now)

    def _write(self, by: Actor, now: datetime) -> None:
        words = self.rng.choice(self.texts["progress"])
        save_report(due=self.due, version=self.due.version, report=Report(words), by=by, now=now)

    def _done(self, now: datetime) -> None:
        files = self.shown or self.rng.random() < FILES
        hand_in_report(
            due=self.due,
            version=self.due.version,
            report=Report(self._words(), self._link(), (self._file(),) if files else ()),
            done_on=now.date(),
            by=self.by,
            now=now,
            today=now.date(),
            stands_in=self.stands_in,
        )

    def _not_applicable(self, now: datetime) -> None:
        mark_not_applicable(
            due=self.due,
            version=self.due.version,
            reason=self._said("skipped", "not_applicable"),
            by=self.by,
            now=now,
            stands_in=self.stands_in,
        )

    def _confirm(self, by: Actor, now: datetime) -> None:
        confirm_due(due=self.due, version=self.due.version, by=by, now=now)

    def _return(self, by: Actor, now: datetime) -> None:
        if self.due.state == DueState.DONE:
            spare = "returned" if self._is_school() else "returned_leading"
            reason = self._said("returned", spare)
            return_due(due=self.due, version=self.due.version, reason=reason, by=by, now=now)

    # Words and proofs

    def _words(self) -> str:
        return self._said("done", "comments" if self._is_school() else "leading")

    def _is_school(self) -> bool:
        return self.due.assignment.unit.kind in (UnitKind.SCHOOL, UnitKind.BRANCH)

    def _said(self, key: str, spare: str) -> str:
        """The item's own words, or those that fit every item."""
        own = self.document.said(self.due.assignment.item.number, key)
        return str(self.rng.choice(own or self.texts[spare]))

    def _link(self) -> str:
        if self.rng.random() >= LINKS:
            return ""
        page = self.rng.randint(100, 999)
        return f"https://org-{self.due.assignment.unit.code}.demo.example/proforientaciya/{page}/"

    def _file(self) -> Any:
        assignment = self.due.assignment
        name = self.rng.choice(self.texts["file_names"])
        return proof_file(name, assignment.unit.name, assignment.item.title, self.rng)
