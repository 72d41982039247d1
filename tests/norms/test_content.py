"""The facts of the encoded norms that must not be got wrong."""

import datetime
from typing import Any

import pytest
from django.db.models import QuerySet

from norms.models import FrameworkVersion, Item, ScaleLevel, Signal, Validity

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("product_norms")]

IGJ, ADDENDUM = "igj-wlz-thuis", "addendum-wlz-thuis"


def items(framework: str, **fields: object) -> QuerySet[Item]:
    return Item.objects.filter(version__framework__code=framework, **fields).order_by("position")


def codes(found: QuerySet[Item]) -> list[str]:
    return list(found.values_list("code", flat=True))


def signal(code: str) -> Signal:
    return Signal.objects.get(code=code)


def test_the_scale_has_four_ranks_and_two_values_beside_it() -> None:
    rows = ScaleLevel.objects.values_list("code", "rank", "label", "for_provider", "for_inspectorate")
    assert list(rows) == [
        ("meets", 4, "Voldoet", True, True),
        ("largely_meets", 3, "Voldoet grotendeels", True, True),
        ("largely_fails", 2, "Voldoet grotendeels niet", True, True),
        ("fails", 1, "Voldoet niet", True, True),
        ("not_applicable", None, "Niet van toepassing", True, False),
        ("not_tested", None, "Niet getoetst", False, True),
    ]


def test_igj_has_one_norm_three_criteria_and_21_questions() -> None:
    assert codes(items(IGJ, parent=None)) == ["W"]
    assert items(IGJ).get(code="W").filled_by == ["inspectorate"]
    criteria = items(IGJ, is_section=True)
    assert codes(criteria) == ["W1", "W2", "W3"]
    assert all(item.filled_by == ["provider", "inspectorate"] for item in criteria)
    checks = items(IGJ, kind="check")
    assert codes(checks) == [
        *(f"W1.{number}" for number in range(1, 8)),
        *(f"W2.{number}" for number in range(1, 10)),
        *(f"W3.{number}" for number in range(1, 6)),
    ]
    assert all(item.filled_by == ["provider"] for item in checks)


def test_igj_inferences_are_marked() -> None:
    assert codes(items(IGJ, inferred=True)) == ["W1.7", "W2.T", "W3.3"]


def test_the_table_of_day_and_night_asks_for_no_minutes() -> None:
    table: Any = items(IGJ).get(code="W2.T").table
    assert [row["label"] for row in table["rows"]] == ["Dag", "Avond", "Nacht", "Weekend en feestdagen"]
    assert [(column["code"], column["kind"]) for column in table["columns"]] == [
        ("client_reaches", "check"),
        ("carer_reaches", "check"),
        ("follow_up", "choice"),
        ("partner", "text"),
        ("agreed_on", "date"),
        ("tested_on", "date"),
    ]
    assert not items(IGJ, kind="figure").exists()


def test_igj_signals_carry_the_three_points_of_attention() -> None:
    assert signal("night-phone-only").title == "Alleen dit is niet voldoende"
    attention = Signal.objects.filter(code__startswith="attention-")
    assert [found.source_ref for found in attention] == ["regel 74", "regel 75", "regel 76"]
    assert [found.code for found in Signal.objects.filter(inferred=True, version__framework__code=IGJ)] == [
        "informal-only"
    ]


def test_the_addendum_has_27_requirements_under_8_themes_and_a_foreword() -> None:
    assert codes(items(ADDENDUM, kind="theme")) == ["0", *"ABCDEFGH"]
    assert items(ADDENDUM, is_section=True).count() == 9
    requirements = items(ADDENDUM, kind="judgement")
    assert " ".join(codes(requirements)) == (
        "0.1 A1 A2a A2b A3 B1 B2 B3 C1a C1b C2 C3 D1 D2 E1a E1b E2 F1 F2 F3 F4 F5 F6 G1 G2 H1 H2"
    )
    assert requirements.count() == 27
    assert all(item.filled_by == ["provider"] for item in requirements)


def test_the_hard_values_of_the_addendum() -> None:
    assert items(ADDENDUM, parent__code="A2a", kind="check").count() == 5
    assert items(ADDENDUM).get(code="A2a.6").unit == "procent"
    assert "zes weken na de intake" in items(ADDENDUM).get(code="A2b").text
    assert [option["code"] for option in items(ADDENDUM).get(code="A3.1").options][0] == "below_3"
    assert "voorkeur, geen eis" in items(ADDENDUM).get(code="A3.2").text
    assert "andere organisaties" in items(ADDENDUM).get(code="F5.1").title
    assert signal("learning-network").condition == {"any": [{"item": "F5.1", "below": 2}]}


def test_the_instrument_has_six_conditions_and_consent_is_not_advice() -> None:
    assert codes(items(ADDENDUM, code__startswith="H2.V")) == [f"H2.V{number}" for number in range(1, 7)]
    process = items(ADDENDUM, code__startswith="H2.P")
    assert [(item.code, item.kind) for item in process] == [
        ("H2.P1", "choice"),
        ("H2.P2", "date"),
        ("H2.P3", "choice"),
        ("H2.P4", "choice"),
        ("H2.P5", "date"),
    ]
    assert "Instemming van de cliëntenraad" in process[0].title
    assert "Advies van de werkvloer" in process[3].title


def test_when_a_requirement_begins_to_bind() -> None:
    dated = items(ADDENDUM, kind="judgement").exclude(applies_from=None).values_list("code", "applies_from")
    first, half, year = datetime.date(2019, 1, 1), datetime.date(2019, 7, 1), datetime.date(2020, 1, 1)
    assert dict(dated) == {
        "A2a": first,
        "A2b": first,
        "A3": first,
        "F2": half,
        "F5": half,
        "F6": half,
        "H1": year,
    }
    # What hangs below a requirement binds from the same day.
    assert items(ADDENDUM).get(code="H1.1").applies_from == year


def test_every_item_and_signal_says_where_it_comes_from() -> None:
    assert not Item.objects.filter(source_ref="", inferred=False).exists()
    assert not Item.objects.filter(inferred=True, inferred_note="").exists()
    assert not Signal.objects.filter(source_ref="", inferred=False).exists()
    assert all((item.found or {})["source_ref"] for item in Item.objects.exclude(found=None))


def test_what_a_judgement_needs_to_be_answered_is_explained() -> None:
    asked = Item.objects.filter(kind="judgement", filled_by__contains=["provider"])
    assert all(item.text and item.evidence for item in asked)


@pytest.mark.parametrize(
    ("day", "validity"),
    [
        ("2024-08-31", Validity.UPCOMING),
        ("2024-09-01", Validity.CURRENT),
        ("2025-12-31", Validity.CURRENT),
        ("2026-01-01", Validity.FORMER),
    ],
)
def test_igj_validity_by_date(day: str, validity: Validity) -> None:
    version = FrameworkVersion.objects.get(framework__code=IGJ)
    assert version.validity_on(datetime.date.fromisoformat(day)) == validity


def test_each_framework_meets_a_provider_in_its_own_order() -> None:
    steps = FrameworkVersion.objects.for_self_assessment().values_list("step", "framework__code")
    assert list(steps) == [
        (1, "igj-wlz-thuis"),
        (2, "addendum-wlz-thuis"),
        (3, "igj-basis"),
        (4, "generiek-kompas"),
        (5, "zorgkantoor-monitor"),
        (6, "samenredzaamheid"),
    ]


def test_every_kind_of_item_is_in_use() -> None:
    assert set(Item.objects.values_list("kind", flat=True)) == set(Item.Kind.values)


def test_no_time_in_minutes_is_asked() -> None:
    assert not Item.objects.filter(unit__icontains="minu").exists()
    assert not Item.objects.filter(kind="figure", title__icontains="minuten").exists()


def test_advice_is_never_on_a_scale() -> None:
    assert not Item.objects.filter(version__framework__type="advice", kind="judgement").exists()


def test_what_a_provider_judges_or_ticks_has_a_first_step() -> None:
    asked = Item.objects.filter(kind="judgement", filled_by__contains=["provider"])
    assert not asked.filter(begin="").exists()
    assert not items(IGJ, kind="check").filter(begin="").exists()


def test_the_table_of_partners_and_the_table_of_limits() -> None:
    monitor = {item.code: item for item in items("zorgkantoor-monitor", kind="table")}
    partners: Any = monitor["F1"].table
    assert [row["label"] for row in partners["rows"]] == [
        "Huisarts",
        "Wijkverpleging",
        "Specialist ouderengeneeskunde",
        "Ggz",
        "Welzijn",
        "Woningcorporatie",
        "Gemeente",
        "Vrijwilligers",
    ]
    assert [column["kind"] for column in partners["columns"]] == ["text", "text", "date"]
    limits: Any = monitor["F2"].table
    offer = limits["columns"][0]
    assert [option["label"] for option in offer["options"]] == ["Wel", "Onder voorwaarden", "Niet"]


def test_what_the_care_office_keeps_is_not_asked_of_a_provider() -> None:
    own = items("zorgkantoor-monitor", filled_by=["care_office"])
    assert codes(own) == ["C5", "G6", "G7", "K1", "K2", "K3", "K4", "K5"]
    assert not any(item.asks_provider for item in own)
