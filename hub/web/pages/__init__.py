"""Everything of the pages, put into an app.

Pages ask services for typed views and word them; they hold no rule, no query and no arithmetic.
"""

from flask import Blueprint, Flask

from hub.web.pages import (
    assets,
    authenticator,
    bank_sign_on,
    calculator,
    csrf,
    demo,
    device_cookie,
    errors,
    fresh_sign_in,
    instalment_calculator,
    kept_choices,
    launch,
    rendering,
    second_step,
    security,
    sign_in,
    signed_in,
    staff_door,
    text_size,
    translation,
    verify,
)
from hub.web.pages.apply import pages as apply_pages
from hub.web.pages.my import pages as my_pages
from hub.web.pages.ops import pages as ops_pages
from hub.web.pages.portal import pages as portal_pages
from hub.web.pages.portal.blueprint import author_name
from hub.web.pages.portal.navigation import navigation_of
from hub.wiring import Hub

_PAGES: tuple[Blueprint, ...] = (
    assets.blueprint,
    launch.pages,
    sign_in.front,
    sign_in.pages,
    staff_door.pages,
    second_step.pages,
    bank_sign_on.pages,
    security.pages,
    signed_in.pages,
    verify.pages,
    calculator.pages,
    instalment_calculator.pages,
    apply_pages,
    my_pages,
    portal_pages,
    ops_pages,
)


def install(app: Flask, hub: Hub) -> None:
    """The pages are there; those of the demo only where its door is open. Comes before the handlers of errors."""
    first, *others = (each.hex() for each in hub.keyring.indexes("pages", purpose="session_cookie"))
    secure = not hub.settings.embedded
    app.config.update(
        SECRET_KEY=first,
        SECRET_KEY_FALLBACKS=others,
        SESSION_COOKIE_NAME="__Host-hub_session" if secure else "hub_session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )
    rendering.install(app)
    # Globals, so that templates of macros need no context of a page and are read once.
    app.jinja_env.globals.update(navigation_of=navigation_of, author_name=author_name)
    translation.install(app, secure=secure)
    text_size.install(app, secure=secure)
    kept_choices.install(app, secure=secure)
    device_cookie.install(app, secure=secure)
    csrf.install(app)
    errors.install(app)
    fresh_sign_in.install(app)
    authenticator.install(app, hub)
    for pages in _PAGES:
        app.register_blueprint(pages)
    if app.extensions["hub"].demo_is_open:
        app.register_blueprint(demo.pages)
