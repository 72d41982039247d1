"""What the crispy template pack 'nlds' needs beside crispy's own filters."""

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()


class DatePicker(forms.DateInput):
    """The browser's own date field; it takes and gives ISO dates, whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


REQUIRED = forms.Field.default_error_messages["required"]
CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "utrecht-textarea utrecht-textarea--html-textarea"),
    (forms.CheckboxInput, "utrecht-checkbox utrecht-checkbox--html-input"),
    (forms.Select, "utrecht-select utrecht-select--html-select"),
    (forms.FileInput, "file-input"),
    (forms.Widget, "utrecht-textbox utrecht-textbox--html-input"),
)


@register.simple_tag
def nlds_widget(field: BoundField) -> SafeString:
    """The input of a field with the classes of its component; Django adds the aria attributes."""
    widget = field.field.widget
    if type(widget) is forms.DateInput:
        widget = DatePicker(widget.attrs)
    names = next(names for kind, names in CLASSES if isinstance(widget, kind))
    own = widget.attrs.get("class", "")
    return field.as_widget(widget, attrs={"class": f"{names} {own}".strip()})


@register.filter
def is_optional(field: BoundField) -> bool:
    """True when 'niet verplicht' must be said: an optional field among required ones."""
    return not field.field.required and any(other.required for other in field.form.fields.values())


@register.filter
def asks_secret(form: forms.BaseForm | str | None) -> bool:
    """Whether a form asks for a password, which no page gives back."""
    fields = form.fields.values() if isinstance(form, forms.BaseForm) else ()
    return any(isinstance(field.widget, forms.PasswordInput) for field in fields)


@register.simple_tag
def error_points(
    form: forms.BaseForm | None, given: list[tuple[str, str]] | None = None
) -> list[tuple[str, str]]:
    """Every error as (id of what gets the focus, sentence): those of the form unless a list was given."""
    if given or not form:
        return given or []
    points = [("", str(error)) for error in form.non_field_errors()]
    for field in form:
        target = field.id_for_label or f"{field.auto_id}_0"
        # Django's own sentence does not say which field it means.
        points += [
            (target, f"{field.label}: {error}" if error == REQUIRED else str(error)) for error in field.errors
        ]
    return points
