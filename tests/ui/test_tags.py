"""The tags for marks, badges, pills and bars: what they say, and that they escape what they get."""

import pytest
from django.template import Context, Template, TemplateSyntaxError

from wlzthuis.templatetags.thuispeil import LABELS, MARKS

HOSTILE = '<script>alert("x")</script>'


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(("level", "label"), LABELS.items())
def test_a_score_has_shape_and_words(level, label):
    badge = render("{% score level %}", level=level)
    assert MARKS[level] in badge
    assert f'<span class="score__words">{label}</span>' in badge


@pytest.mark.parametrize(("level", "label"), LABELS.items())
def test_a_cell_hides_its_words_from_sight_only(level, label):
    cell = render('{% score level size="cell" %}', level=level)
    assert "score--cell" in cell
    assert f'<span class="visually-hidden">{label}</span>' in cell


def test_the_four_levels_and_an_open_one_differ_in_shape():
    shapes = {
        MARKS[level].split(">", 1)[1] for level in ("meets", "largely_meets", "largely_fails", "fails", None)
    }
    assert len(shapes) == 5


def test_a_cell_names_what_was_judged():
    assert "W2: Voldoet niet" in render('{% score "fails" size="cell" of="W2" %}')


def test_marks_are_hidden_from_assistive_technology():
    assert all('aria-hidden="true"' in mark for mark in MARKS.values())
    assert 'aria-hidden="true"' in render('{% icon "paperclip" %}')


@pytest.mark.parametrize(
    "source",
    [
        "{% score text %}",
        '{% score "meets" of=text %}',
        "{% status_pill text %}",
        "{% status_pill 'draft' text %}",
        "{% progress 1 2 text text %}",
        "{% breadcrumbs text text text %}",
        "{{ text|level_label }}",
    ],
)
def test_hostile_text_is_escaped(source):
    html = render(source, text=HOSTILE)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_an_unknown_level_shows_its_own_word_with_the_open_mark():
    html = render('{% score "anders" %}')
    assert MARKS[None] in html
    assert ">anders<" in html


def test_progress_counts_in_words_and_never_divides_by_nothing():
    assert "<b>8</b> van 10 vragen" in render('{% progress 8 10 "Visie" "vragen" %}')
    assert 'value="0" max="1"' in render('{% progress 0 0 "Visie" %}')


def test_the_legend_shows_only_what_occurs_when_counts_are_given():
    html = render("{% legend counts=counts %}", counts={"meets": 14, "fails": 0, None: 1})
    assert "Voldoet: 14" in html
    assert "Nog niet beantwoord: 1" in html
    assert "Voldoet niet" not in html


def test_the_legend_of_an_inspector_has_not_tested():
    assert "Niet getoetst" in render("{% legend inspector=True %}")
    assert "Niet getoetst" not in render("{% legend %}")


def test_a_status_has_a_tone_and_never_a_score_colour():
    assert "pill--done" in render('{% status_pill "published" "Openbaar" %}')
    assert "pill--quiet" in render('{% status_pill "planned" "Gepland" %}')


def test_breadcrumbs_link_all_but_the_page_itself():
    html = render('{% breadcrumbs "Normen" "/normen/" "Norm Wlz-zorg thuis" %}')
    assert '<a href="/normen/">Normen</a>' in html
    assert '<li aria-current="page">Norm Wlz-zorg thuis</li>' in html


@pytest.mark.parametrize("name", ["no-such-icon", "../../../etc/passwd"])
def test_an_icon_that_is_not_there_is_refused(name):
    with pytest.raises(TemplateSyntaxError, match="ICONS"):
        render("{% icon name %}", name=name)


def test_a_word_with_a_hyphen_stays_on_one_line_and_the_text_is_escaped():
    html = render("{{ text|whole }}", text="Norm Wlz-zorg thuis & <b>Wlz-indicatie</b>")
    assert html == (
        'Norm <span class="nowrap">Wlz-zorg</span> thuis &amp; '
        '&lt;b&gt;<span class="nowrap">Wlz-indicatie</span>&lt;/b&gt;'
    )
    assert render("{{ text|whole }}", text=HOSTILE) == render("{{ text }}", text=HOSTILE)


def test_a_stored_date_reads_as_people_write_it():
    assert render("{{ text|day }}", text="2026-02-13") == "13 februari 2026"
    assert render("{{ text|day }}", text="Niet ingevuld") == "Niet ingevuld"
