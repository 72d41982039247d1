"""What the crispy template pack 'nlds' needs beside crispy's own filters."""

from typing import Any, cast

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.forms.widgets import ChoiceWidget
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


class DatePicker(forms.DateInput):
    """The browser's own date field; it takes and gives ISO dates, whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


NOT_OF_A_CHOICE = ("class", "id", "aria-invalid")
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
    # A browser would cut off what is pasted without a word; the form says that it is too long.
    widget.attrs.pop("maxlength", None)
    names = next(names for kind, names in CLASSES if isinstance(widget, kind))
    attrs: dict[str, Any] = {"class": f"{names} {widget.attrs.get('class', '')}".strip()}
    if type(widget) is forms.Textarea:
        return _textarea(field, widget, attrs)
    return field.as_widget(widget, attrs=attrs)


def _textarea(field: BoundField, widget: forms.Textarea, attrs: dict[str, Any]) -> SafeString:
    """As Django's own templates draw it, which takes them far longer."""
    attrs = {"id": field.auto_id, **field.build_widget_attrs(attrs, widget)}
    drawn = widget.get_context(field.html_name, field.value(), attrs)["widget"]
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>', drawn["name"], flatatt(drawn["attrs"]), drawn["value"] or ""
    )


@register.filter
def is_optional(field: BoundField) -> bool:
    """True when 'niet verplicht' must be said: an optional field among required ones."""
    return not field.field.required and any(other.required for other in field.form.fields.values())


@register.simple_tag
def nlds_choices(field: BoundField) -> SafeString:
    """The choices of a field, each input in its label. Not a template: it takes five times as long.

    The class is the pack's own; what is invalid is the question as a whole.
    """
    of_boxes = isinstance(field.field.widget, forms.CheckboxSelectMultiple)
    kind = "checkbox" if of_boxes else "radio-button"
    return _options(
        field,
        f'<label class="choice" for="%(id)s"><input class="utrecht-{kind} utrecht-{kind}--html-input" '
        'type="%(type)s" name="%(name)s" value="%(value)s" id="%(id)s"%(rest)s>'
        "<span>%(label)s</span></label>",
    )


@register.simple_tag
def nlds_segment(field: BoundField) -> SafeString:
    """The choices of a field as buttons beside each other."""
    return _options(
        field,
        '<label class="segment__option"><input type="%(type)s" name="%(name)s" value="%(value)s" id="%(id)s"'
        "%(rest)s><span>%(label)s</span></label>",
    )


def _options(field: BoundField, markup: str) -> SafeString:
    widget = cast(ChoiceWidget, field.field.widget)
    chosen = widget.format_value(field.value())
    own = field.build_widget_attrs(dict(widget.attrs), widget)
    rest = flatatt({name: value for name, value in own.items() if name not in NOT_OF_A_CHOICE})
    return mark_safe(  # noqa: S308 (escaped; names are the form's own)
        "\n".join(
            markup
            % {
                "id": f"{field.auto_id}_{place}",
                "type": widget.input_type,
                "name": field.html_name,
                "value": escape(value),
                "rest": f"{rest} checked" if str(value) in chosen else rest,
                "label": conditional_escape(cast(str, label)),
            }
            for place, (value, label) in enumerate(widget.choices)
        )
    )


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
