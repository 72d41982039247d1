"""Two people at one form, as browsers send it."""

from django import forms
from django.http import QueryDict

from providers.forms.merging import Merging


class NoteForm(Merging, forms.Form):
    note = forms.CharField(widget=forms.Textarea)


def sent(now: str, **posted: str) -> NoteForm:
    """What somebody sends while `now` stands there."""
    data = QueryDict(mutable=True)
    data.update(posted)
    form = NoteForm(data, initial={"note": now})
    form.remember(["note"])
    return form


def test_the_line_ends_of_a_browser_are_no_change() -> None:
    form = sent("Een.\nTwee.", note="Een.\r\nDrie.", was_note="Een.\r\nTwee.")
    assert form.is_valid(), form.errors
    kept = sent("Van een collega.", note="Een.\r\nTwee.", was_note="Een.\r\nTwee.")
    assert kept.is_valid(), kept.errors
    assert kept.cleaned_data["note"] == "Van een collega."


def test_after_the_choice_the_same_sentence_does_not_come_again() -> None:
    first = sent("Van een\ncollega.", note="Van\r\nmij.", was_note="Van\r\ntoen.")
    assert "Een collega wijzigde dit intussen" in str(first.errors)
    shown = first["was_note"].value().replace("\n", "\r\n")
    again = sent("Van een\ncollega.", note="Van\r\nmij.", was_note=shown)
    assert again.is_valid(), again.errors


def test_each_hidden_text_names_its_field() -> None:
    html = str(sent("Een.")["was_note"])
    assert 'data-seen-for="note"' in html
