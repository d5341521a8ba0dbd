"""Sessions of pages. Programs have none: the API's addresses neither read a cookie nor set one."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from hub.web.headers import is_api


class PageSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, for people alone."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a page's visitor; None for a program, whose request then has an empty one that keeps nothing.

        The keys that sign cookies are derived anew for every request, which is a good part of what a short one costs.
        """
        return None if is_api(request.path) else super().open_session(app, request)
