"""What every answer must tell browsers, whoever asks for whatever."""

from typing import Any

# Where somebody with bad intent would send people on to.
ELSEWHERE = ("https://kwaad.example/", "//kwaad.example/", "/\\kwaad.example", "javascript:alert(1)")


def check_headers(response: Any, role: str, name: str, url: str) -> None:
    headers, asked = response.headers, (role, url)
    assert headers["X-Content-Type-Options"] == "nosniff", asked
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", asked
    assert headers["Referrer-Policy"] == "same-origin", asked
    assert headers["X-Frame-Options"] == "DENY", asked
    assert "geolocation=()" in headers["Permissions-Policy"], asked
    assert "publickey-credentials-get=(self)" in headers["Permissions-Policy"], asked
    policy = headers["Content-Security-Policy"]
    # A demo shows mails with the styles of their own, in a sandbox.
    assert "unsafe" not in policy or name == "mailbox_html", asked
    assert "*" not in policy, asked
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, asked
    if name != "mailbox_html":
        assert "object-src 'none'" in policy and "base-uri 'none'" in policy, asked
    kind = headers["Content-Type"]
    assert not kind.startswith("text/") or kind.endswith("charset=utf-8"), (*asked, kind)
    is_own = role != "anonymous" and not url.startswith(("/health/", "/metrics"))
    if is_own and "/bestanden/" not in url:
        assert "no-store" in headers["Cache-Control"], asked
    assert not headers.get("Location", "").startswith(("http", "//", "/\\", "java")), asked
