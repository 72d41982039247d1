"""What the provider says of a person: whatever the test put with that person."""

import json
from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter


class Adapter(DefaultOIDCAdapter):
    def get_claims(self, purpose: Any, user: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_claims(purpose, user, *args, **kwargs) | json.loads(user.last_name)
