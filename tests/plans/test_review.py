"""The review: questions first, every field mended in place, nothing lost, two people at once."""

from datetime import date

import pytest

from plans.choices import DeadlineKind, ImportState, PartyKind
from plans.models import PartyEntry, RoadmapImport
from plans.parties import Party
from plans.services import review
from plans.services.parties import Target, remember
from profmin.accounts.roles import Role
from profmin.journal.models import JournalEntry
from profmin.journal.services import SYSTEM
from profmin.lib.errors import RuleBroken
from schools.choices import PartnerKind
from schools.services.units import close_unit
from tests.factories.cast import NOW, TODAY, Cast
from tests.factories.imports import CLEAR, UNCLEAR, read_table

pytestmark = pytest.mark.django_db


def deed(source: RoadmapImport, cast: Cast) -> dict[str, object]:
    return {
        "source": source,
        "version": source.version,
        "by": cast.home.actor(Role.MINISTRY),
        "now": NOW,
    }


def fields(source: RoadmapImport) -> list[tuple[str | None, str]]:
    return [(one.row, one.field) for one in review.open_questions(source)]


def test_clear_table_is_read_without_a_question(cast: Cast) -> None:
    source = read_table(cast.home.region, *CLEAR)

    assert source.state == ImportState.REVIEW
    assert fields(source) == []


def test_unclear_rows_raise_a_question_each(cast: Cast) -> None:
    source = read_table(cast.home.region, *CLEAR, *UNCLEAR)

    assert fields(source) == [("1.4", "deadline"), ("1.5", "responsible")]


def test_settled_doubt_is_asked_no_more_and_can_be_asked_again(cast: Cast) -> None:
    source = read_table(cast.home.region, *UNCLEAR[:1])
    key = review.open_questions(source)[0].key

    review.settle_doubt(key=key, **deed(source, cast))
    assert fields(source) == []

    review.unsettle_doubt(key=key, **deed(source, cast))
    assert fields(source) == [("1.4", "deadline")]


def test_one_answer_settles_all_alike(cast: Cast) -> None:
    twice = UNCLEAR[0].replace("1.4", "1.6")
    source = read_table(cast.home.region, UNCLEAR[0], twice)
    first = review.open_questions(source)[0]

    review.settle_doubt(key=first.key, alike=True, **deed(source, cast))

    assert fields(source) == []


def test_mended_deadline_is_read_by_the_rules(cast: Cast) -> None:
    source = read_table(cast.home.region, *UNCLEAR[:1])

    review.mend_field(item=0, field="deadline", text="до 25 мая", **deed(source, cast))

    deadline = review.draft_of(source).items[0].deadline
    assert [window.end for window in deadline.windows] == [date(2027, 5, 25)]
    assert fields(source) == []


def test_mended_deadline_that_is_not_understood_asks_again(cast: Cast) -> None:
    source = read_table(cast.home.region, *CLEAR)

    review.mend_field(item=0, field="deadline", text="до 31.11.2026", **deed(source, cast))

    assert fields(source) == [("1.1", "deadline")]


def test_dates_set_by_hand_keep_the_words(cast: Cast) -> None:
    source = read_table(cast.home.region, *UNCLEAR[:1])

    review.mend_due_dates(item=0, days=[date(2027, 3, 1)], **deed(source, cast))

    deadline = review.draft_of(source).items[0].deadline
    assert (deadline.text, deadline.kind) == ("когда получится", DeadlineKind.BY_DATE)
    assert fields(source) == []


def test_parties_set_by_hand_answer_the_question(cast: Cast) -> None:
    source = read_table(cast.home.region, *CLEAR)

    review.mend_parties(item=0, parties=[Party(PartyKind.SCHOOL, "школа")], **deed(source, cast))

    parties = review.draft_of(source).items[0].responsible.parties
    assert [party.kind for party in parties] == [PartyKind.SCHOOL]


def test_named_party_is_chosen_and_remembered_for_the_next_document(cast: Cast) -> None:
    source = read_table(cast.home.region, *UNCLEAR[1:])
    question = review.open_questions(source)[0]
    assert question.party is not None
    target = Target(unit_id=cast.home.partner.pk)

    review.choose_target(party_key=question.key, target=target, **deed(source, cast))
    remember(
        region=cast.home.region,
        party=question.party,
        target=target,
        by=cast.home.actor(Role.MINISTRY),
        now=NOW,
    )

    assert fields(source) == []
    assert PartyEntry.objects.get().unit == cast.home.partner
    assert fields(read_table(cast.home.region, *UNCLEAR[1:])) == []


def teach(cast: Cast, name: str, kind: PartyKind, target: Target) -> None:
    remember(
        region=cast.home.region,
        party=Party(kind, name),
        target=target,
        by=cast.home.actor(Role.MINISTRY),
        now=NOW,
    )


OPERATOR_ROW = "1.6\tКурсы наставников\tдо 01.03.2027\tИРО\tСписки"


def test_known_word_that_binds_nobody_below_the_issuer_is_asked(cast: Cast) -> None:
    home = cast.home
    teach(cast, "Колледжи", PartyKind.PARTNER, Target(partner_kind=PartnerKind.COLLEGE))
    teach(cast, "ИРО", PartyKind.OPERATOR, Target(unit_id=home.operator.pk))

    regional = read_table(home.region, UNCLEAR[1], OPERATOR_ROW)
    municipal = read_table(home.city, UNCLEAR[1], OPERATOR_ROW)

    assert fields(regional) == []
    assert [one.message for one in review.open_questions(municipal)] == [
        f"«{name}»: название известно, но среди тех, кому даёт поручения «Город Заречный», "
        "такой организации нет. Выберите другую или ответьте, что поручений никому не давать."
        for name in ("Колледжи", "ИРО")
    ]


def test_nobody_chosen_by_a_person_ends_the_question(cast: Cast) -> None:
    teach(cast, "Колледжи", PartyKind.PARTNER, Target(partner_kind=PartnerKind.COLLEGE))
    source = read_table(cast.home.city, UNCLEAR[1])
    key = review.open_questions(source)[0].key

    review.choose_target(party_key=key, target=Target(nobody=True), **deed(source, cast))

    assert fields(source) == []


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(PartnerKind.COLLEGE, id="colleges stand elsewhere"),
        pytest.param(PartnerKind.UNIVERSITY, id="no university at all"),
    ],
)
def test_answer_that_binds_nobody_is_refused(cast: Cast, kind: PartnerKind) -> None:
    source = read_table(cast.home.city, UNCLEAR[1])
    key = review.open_questions(source)[0].key

    with pytest.raises(RuleBroken, match="нет ни одной действующей организации"):
        review.choose_target(party_key=key, target=Target(partner_kind=kind), **deed(source, cast))

    assert fields(source) == [("1.5", "responsible")]


def test_answer_whose_organisation_has_closed_is_asked_again(cast: Cast) -> None:
    source = read_table(cast.home.region, UNCLEAR[1])
    key = review.open_questions(source)[0].key
    target = Target(unit_id=cast.home.partner.pk)
    review.choose_target(party_key=key, target=target, **deed(source, cast))
    answered = fields(source)

    close_unit(unit=cast.home.partner, on=TODAY, by=SYSTEM, now=NOW, today=TODAY)

    assert (answered, fields(source)) == ([], [("1.5", "responsible")])


def test_party_that_the_document_does_not_name_cannot_be_chosen(cast: Cast) -> None:
    source = read_table(cast.home.region, *CLEAR)

    with pytest.raises(RuleBroken):
        review.choose_target(
            party_key="partner|чужой", target=Target(nobody=True), **deed(source, cast)
        )


def test_foreign_unit_cannot_be_chosen(cast: Cast) -> None:
    source = read_table(cast.home.region, *UNCLEAR[1:])
    question = review.open_questions(source)[0]

    with pytest.raises(RuleBroken):
        review.choose_target(
            party_key=question.key,
            target=Target(unit_id=cast.away.partner.pk),
            **deed(source, cast),
        )


def test_dictionary_of_one_region_says_nothing_to_another(cast: Cast) -> None:
    party = Party(PartyKind.PARTNER, "Колледжи")
    remember(
        region=cast.home.region,
        party=party,
        target=Target(unit_id=cast.home.partner.pk),
        by=cast.home.actor(Role.MINISTRY),
        now=NOW,
    )

    assert fields(read_table(cast.away.region, *UNCLEAR[1:])) == [("1.5", "responsible")]


def test_second_person_sees_the_conflict_and_loses_nothing(cast: Cast) -> None:
    source = read_table(cast.home.region, *CLEAR)
    seen = source.version
    review.mend_field(item=0, field="title", text="Первая правка", **deed(source, cast))

    with pytest.raises(RuleBroken):
        review.mend_field(
            **(deed(source, cast) | {"version": seen}), item=0, field="title", text="Вторая"
        )

    source.refresh_from_db()
    assert review.draft_of(source).items[0].title == "Первая правка"


def test_other_year_reads_deadlines_anew_but_for_those_set_by_hand(cast: Cast) -> None:
    source = read_table(cast.home.region, *CLEAR)
    review.mend_due_dates(item=2, days=[date(2026, 12, 1)], **deed(source, cast))

    review.mend_card(card=review.Card(title="План", year=2025), **deed(source, cast))

    ends = [
        [window.end for window in item.deadline.windows] for item in review.draft_of(source).items
    ]
    assert ends[1:] == [[date(2025, 12, 20), date(2026, 5, 25)], [date(2026, 12, 1)]]


def test_every_deed_stands_in_the_journal(cast: Cast) -> None:
    source = read_table(cast.home.region, *CLEAR)

    review.mend_field(item=0, field="title", text="Иначе", **deed(source, cast))

    actions = JournalEntry.objects.about("import", source.pk).order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["import_loaded", "item_mended"]
