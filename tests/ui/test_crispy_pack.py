"""The template pack 'nlds': order, names and links that a screen reader and a keyboard need."""

import re
from datetime import date

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.exceptions import ValidationError


class Example(forms.Form):
    kvk = forms.CharField(label="KvK-nummer", help_text="8 cijfers.")
    kind = forms.ChoiceField(
        label="Soort", choices=[("a", "Groot"), ("b", "Klein")], widget=forms.RadioSelect
    )
    places = forms.MultipleChoiceField(
        label="Locaties",
        choices=[("n", "Noord"), ("c", "Centrum")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    year = forms.ChoiceField(label="Jaar", choices=[("2026", "2026")])
    day = forms.DateField(label="Datum", required=False)
    text = forms.CharField(label="Toelichting", widget=forms.Textarea(attrs={"class": "own"}), required=False)
    agree = forms.BooleanField(label="Dit klopt")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    helper = FormHelper()
    helper.add_input(Submit("save", "Opslaan"))

    def clean_kvk(self) -> str:
        raise ValidationError("Dit KvK-nummer heeft 7 cijfers. Vul alle 8 cijfers in.")


class Upload(forms.Form):
    file = forms.FileField(label="Bewijsstuk")


def html_of(form: forms.Form) -> str:
    return render_crispy_form(form, context={"csrf_token": "token"})


def tag_with(html: str, attribute: str) -> str:
    """The one tag that carries an attribute."""
    (tag,) = re.findall(rf"<[^>]*{re.escape(attribute)}[^>]*>", html)
    return tag


def field_of(html: str, name: str) -> str:
    """The markup of one field, up to the next."""
    return html.split(f'id="div_id_{name}"', 1)[1].split('id="div_id_', 1)[0]


def test_label_description_error_and_input_stand_in_that_order():
    field = field_of(html_of(Example({"kvk": "6849021"})), "kvk")
    parts = ['for="id_kvk"', 'id="id_kvk_helptext"', 'id="id_kvk_error"', 'id="id_kvk"']
    assert [field.index(part) for part in parts] == sorted(field.index(part) for part in parts)


def test_the_input_points_at_its_description_and_error_and_keeps_what_was_typed():
    field_input = tag_with(html_of(Example({"kvk": "6849021"})), 'id="id_kvk"')
    assert 'aria-describedby="id_kvk_helptext id_kvk_error"' in field_input
    assert 'aria-invalid="true"' in field_input
    assert 'value="6849021"' in field_input
    assert "utrecht-textbox" in field_input


def test_a_blank_form_shows_no_error_at_all():
    html = html_of(Example())
    assert "aria-invalid" not in html
    assert "data-error-summary" not in html


def test_the_summary_counts_the_errors_and_links_to_what_gets_the_focus():
    html = html_of(Example({"kvk": "6849021"}))
    summary = html[html.index("data-error-summary") : html.index("</section>")]
    assert "Nog niet opgeslagen: kijk naar 4 punten" in summary
    assert "Wat u heeft ingevuld, staat er nog." in summary
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets == ["id_kvk", "id_kind_0", "id_year", "id_agree"]
    assert all(f'id="{target}"' in html for target in targets)


def test_the_summary_names_the_field_where_the_sentence_does_not():
    html = html_of(Example({"kvk": "6849021"}))
    assert ">Soort: Dit veld is verplicht.</a>" in html
    assert ">Dit KvK-nummer heeft 7 cijfers. Vul alle 8 cijfers in.</a>" in html


def test_one_error_is_one_point_and_a_file_must_be_chosen_again():
    html = html_of(Upload({}))
    assert re.search(r"kijk naar 1 punt\s", html)
    assert "Een bestand kiest u opnieuw." in html
    assert 'enctype="multipart/form-data"' in html


def test_an_error_of_the_whole_form_stands_in_the_summary_without_a_link():
    form = Upload({})
    form.is_valid()
    form.add_error(None, "Deze zelfevaluatie is al ingediend.")
    assert "<strong>Deze zelfevaluatie is al ingediend.</strong>" in html_of(form)


def test_radios_are_a_named_group_with_their_error():
    html = html_of(Example({}))
    group = tag_with(html, 'id="div_id_kind"')
    assert group.startswith("<fieldset")
    assert 'role="radiogroup"' in group
    assert 'aria-describedby="id_kind_error"' in group
    assert 'aria-invalid="true"' in group
    field = field_of(html, "kind")
    assert field.index("<legend") < field.index('id="id_kind_error"') < field.index('type="radio"')
    # The state belongs to the group: a single radio may not carry it.
    assert "aria-invalid" not in tag_with(html, 'id="id_kind_0"')


def test_chosen_options_stay_chosen():
    html = html_of(Example({"kvk": "1", "kind": "b", "places": ["c"]}))
    assert "checked" in tag_with(html, 'id="id_kind_1"')
    assert "checked" not in tag_with(html, 'id="id_kind_0"')
    assert "checked" in tag_with(html, 'id="id_places_1"')


def test_a_date_is_a_date_field_with_an_iso_value():
    field_input = tag_with(html_of(Example(initial={"day": date(2026, 5, 12)})), 'id="id_day"')
    assert 'type="date"' in field_input
    assert 'value="2026-05-12"' in field_input


def test_a_date_that_cannot_be_read_stays_as_typed():
    assert 'value="gisteren"' in tag_with(html_of(Example({"day": "gisteren"})), 'id="id_day"')


def test_optional_fields_say_so_only_among_required_ones():
    assert "Toelichting <small>(niet verplicht)</small>" in html_of(Example())

    class Filter(forms.Form):
        query = forms.CharField(label="Zoek", required=False)

    assert "niet verplicht" not in html_of(Filter())


def test_every_kind_of_input_carries_the_class_of_its_component():
    html = html_of(Example())
    assert "utrecht-select" in tag_with(html, 'id="id_year"')
    assert "utrecht-checkbox" in tag_with(html, 'id="id_agree"')
    assert 'class="utrecht-textarea utrecht-textarea--html-textarea own"' in tag_with(html, 'id="id_text"')
    assert "file-input" in tag_with(html_of(Upload()), 'id="id_file"')


def test_the_whole_form_posts_with_a_token_and_without_the_browsers_own_messages():
    html = html_of(Example())
    assert "novalidate" in tag_with(html, 'method="post"')
    assert 'name="csrfmiddlewaretoken" value="token"' in html
    assert 'type="hidden" name="secret"' in html
    assert "utrecht-button--primary-action" in tag_with(html, 'value="Opslaan"')


def test_hostile_labels_errors_and_values_are_escaped():
    class Hostile(forms.Form):
        name = forms.CharField(label="<b>Naam</b>", help_text="Zoals <em>bij</em> de KvK.")

        def clean_name(self) -> str:
            raise ValidationError("<i>fout</i>")

    html = html_of(Hostile({"name": '"><script>x</script>'}))
    assert "<script" not in html
    assert "<b>Naam" not in html
    assert "<i>fout" not in html
