"""Sessions of pages. Programs have none: the API's addresses neither read a cookie nor set one."""

from datetime import UTC, datetime

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature

from hub.web.headers import is_api


class PageSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, for people alone."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a page's visitor; None for a program, whose request then has an empty one that keeps nothing.

        The keys that sign cookies are derived anew for every request, which is a good part of what a short one costs.
        """
        if is_api(request.path):
            return None
        signed, serializer = request.cookies.get(self.get_cookie_name(app)), self.get_signing_serializer(app)
        if not signed or serializer is None:
            return super().open_session(app, request)
        # Flask's own takes no cookie that was signed later than now. Another host's clock may be ahead by a moment, and
        # whoever comes from there to here would be signed out.
        try:
            kept, signed_at = serializer.loads(signed, return_timestamp=True)
        except BadSignature:
            return self.session_class()
        is_old = datetime.now(UTC) - signed_at > app.permanent_session_lifetime
        return self.session_class() if is_old else self.session_class(kept)
