"""What never changes on a page is drawn once by a process."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError

from assessments import editions, questions
from tests import factories as f

PART = Template(
    '{% drawn_once thing "part" way %}{{ way }}: {{ thing.text }}{% enddrawn_once %}, {{ other }}'
)


def draw(thing: Any, **context: Any) -> str:
    return PART.render(Context({"thing": thing, **context}))


def test_a_part_is_drawn_once_for_each_owner_and_name():
    one, two = SimpleNamespace(text="<een>"), SimpleNamespace(text="twee")
    assert draw(one, way="lang", other=1) == "lang: &lt;een&gt;, 1"
    one.text = "anders"
    assert draw(one, way="lang", other=2) == "lang: &lt;een&gt;, 2"
    assert draw(one, way="kort", other=3) == "kort: anders, 3"
    assert draw(two, way="lang", other=4) == "lang: twee, 4"


def test_a_name_that_is_not_there_is_a_name_too():
    thing = SimpleNamespace(text="een")
    assert draw(thing) == ": een, "
    thing.text = "twee"
    assert draw(thing) == ": een, "


def test_it_has_an_owner():
    with pytest.raises(TemplateSyntaxError):
        Template("{% drawn_once %}{% enddrawn_once %}")


@pytest.mark.django_db
def test_what_somebody_made_up_never_becomes_a_name():
    """Otherwise a stranger could fill the memory of a process."""
    revision = f.draft_revision()
    question = questions.load_one(revision, f.item("W1.1").pk)
    for value, chosen in (("yes", "yes"), ("made-up", ""), ([{"row": "1"}], ""), (None, "")):
        question.value = value
        assert question.chosen == chosen
    assert not hasattr(editions.item(question.item.pk), "_drawn")
