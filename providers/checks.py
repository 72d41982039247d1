"""What a portal for real people cannot do without, told by `manage.py check --deploy`."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def mail_can_be_sent(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Without mail nobody can be invited or set a new password."""
    if settings.DEMO:
        return []
    found: list[CheckMessage] = []
    if not settings.EMAIL_HOST:
        found.append(Error("EMAIL_HOST is not set, so no mail is sent.", id="providers.E001"))
    if urlsplit(settings.PUBLIC_URL).scheme != "https":
        found.append(Error("PUBLIC_URL must be the portal's https address.", id="providers.E002"))
    return found
