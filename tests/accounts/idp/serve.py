"""Starts the provider: python -m tests.accounts.idp.serve PORT, with people and clients as JSON on stdin."""

import json
import os
import sys
from wsgiref.simple_server import make_server

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.accounts.idp.settings"
    django.setup()
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0)
    setup = json.load(sys.stdin)
    for given in setup["clients"]:
        client = Client(id=given["id"], name=given["id"], skip_consent=True, scopes="openid\nprofile\nemail")
        client.set_secret(given["secret"])
        client.redirect_uris = given["redirect_uri"]
        client.save()
    for given in setup["people"]:
        # The claims fit in no other column of Django's own user.
        User.objects.create_user(given["name"], password="wachtwoord", last_name=given["claims"])
    make_server("127.0.0.1", int(sys.argv[1]), get_wsgi_application()).serve_forever()


if __name__ == "__main__":
    main()
