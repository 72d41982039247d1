"""What all forms share."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit


def plain_helper(button: str) -> FormHelper:
    """The whole form in our template pack with one button."""
    helper = FormHelper()
    helper.add_input(Submit("submit", button))
    return helper
