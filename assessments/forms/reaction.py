"""Forms about the concept at the provider: sending, delivery, the term, remarks and their answers."""

from typing import Any

from django import forms

from assessments import reaction
from assessments.forms.campaign import TermField
from assessments.forms.visit_edits import ProseField, VersionField
from assessments.models import Delivery, FactualRemark
from providers.forms.fields import DayField, seen_for


class SendForm(forms.Form):
    use_required_attribute = False

    weeks = forms.IntegerField(
        label="Reactietermijn in weken",
        help_text="De termijn begint op de dag waarop de aanbieder het concept ontvangt.",
        min_value=reaction.WEEKS.start,
        max_value=reaction.WEEKS.stop - 1,
        error_messages={
            name: f"Kies {reaction.WEEKS.start} tot en met {reaction.WEEKS.stop - 1} weken."
            for name in ("required", "invalid", "min_value", "max_value")
        },
    )


class DeliveryForm(forms.Form):
    use_required_attribute = False

    on = DayField(
        label="Ontvangen op",
        help_text="De reactietermijn begint op deze dag.",
        error_messages={"required": "Vul in wanneer de aanbieder het concept kreeg."},
    )
    how = forms.ChoiceField(
        label="Hoe kreeg de aanbieder het concept?",
        choices=[choice for choice in Delivery.How.choices if choice[0] != Delivery.How.OPENED],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies hoe de aanbieder het concept kreeg."},
    )
    note = ProseField(
        label="Waaruit blijkt dat?",
        help_text="Bijvoorbeeld het nummer van de aangetekende brief. Noem geen namen van cliënten.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Schrijf waaruit dat blijkt."},
    )


class TermForm(forms.Form):
    """Until when, and why: to ask more time, and to give it."""

    use_required_attribute = False

    until = TermField(label="Tot en met", error_messages={"required": "Vul een dag in."})
    reason = ProseField(
        label="Reden",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Schrijf een reden."},
    )

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reader = "De inspectie" if is_own else "De aanbieder"
        self.fields["reason"].help_text = f"{reader} leest deze reden."


class RefusalForm(forms.Form):
    use_required_attribute = False

    reason = ProseField(
        label="Waarom niet?",
        help_text="De aanbieder leest deze reden.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Schrijf een reden."},
    )


class RemarkForm(forms.Form):
    use_required_attribute = False

    passage = forms.CharField(widget=forms.HiddenInput, max_length=30)
    text = ProseField(
        label="Wat klopt er niet?",
        help_text="Schrijf ook wat er volgens u wel moet staan, en waaruit dat blijkt. Noem geen namen.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Schrijf wat er niet klopt, en wat er volgens u wel moet staan."},
    )


class RemarkTextForm(forms.Form):
    """Another text for a remark; `seen` is the version of the one that was shown."""

    use_required_attribute = False

    text = RemarkForm.base_fields["text"]
    seen = VersionField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen_for(self, "seen", "text")


class AnswerForm(forms.Form):
    use_required_attribute = False

    verdict = forms.ChoiceField(
        label="Neemt u dit over?",
        choices=FactualRemark.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Kies of u de opmerking overneemt.",
            "invalid_choice": "Kies of u de opmerking overneemt.",
        },
    )
    answer = ProseField(
        label="Waarom",
        help_text="De aanbieder leest dit in het rapport.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Schrijf waarom."},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen_for(self, "seen", "verdict", "answer")
