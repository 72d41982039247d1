"""A database that was filled as a demo does not become a real portal by leaving out DEMO=1."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from providers.demo import ACCOUNTS
from providers.models import User
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_demo_accounts_stop_a_portal_that_is_no_demo(settings: Any) -> None:
    settings.DEMO = False
    f.load_norms()
    call_command("prepare")
    User.objects.create_user(ACCOUNTS[0].email, ACCOUNTS[0].name)
    with pytest.raises(CommandError, match="demo-accounts"):
        call_command("prepare")
