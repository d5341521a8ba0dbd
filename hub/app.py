"""The web application: what stands around every request, and the routes."""

from datetime import datetime

from flask import Flask, has_request_context, request
from werkzeug.middleware.proxy_fix import ProxyFix

from hub.web import callbacks, compression, gateway, headers, health, logs, metrics, pages, partner_answers, problems
from hub.web.access import Face
from hub.web.api import routes
from hub.web.limits import Limits
from hub.web.logs import LoggedFlask
from hub.web.multipart import FormRequest
from hub.web.page_sessions import PageSessions
from hub.web.pages import kept_answers
from hub.web.pages.errors import page_of
from hub.wiring import Hub


def create_app(hub: Hub, *, demo_is_open: bool = False) -> Flask:
    """A web application over `hub`; it opens nothing by itself.

    With `demo_is_open` everybody who reaches it from this machine comes in at `/demo/` without a password.
    """
    app = LoggedFlask("hub", static_folder=None)
    # Whatever FLASK_DEBUG says: with it an unknown error would come out with its words, which may be a person's.
    app.debug = False
    app.request_class = FormRequest
    # An address with a doubled slash is unknown, in the form of any error, instead of a page that leads elsewhere.
    app.url_map.merge_slashes = False
    proxies = hub.settings.trusted_proxies
    if proxies:
        # The address alone: links are made from HUB_PUBLIC_URL, whatever host and scheme a call came by.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]

    def real_now() -> datetime:
        return hub.real_clock.now()

    app.extensions["hub"] = Face(hub=hub, limits=Limits(hub, real_now), demo_is_open=demo_is_open)
    hub.caller_address = lambda: request.remote_addr if has_request_context() else None
    app.session_interface = PageSessions()
    logs.install(app)
    metrics.install(app, hub)
    app.register_blueprint(health.blueprint)
    headers.install(app, https=hub.settings.public_url.startswith("https://"))
    routes.install(app)
    app.register_blueprint(callbacks.blueprint)
    app.register_blueprint(gateway.blueprint)
    app.register_blueprint(partner_answers.blueprint)
    pages.install(app, hub)
    problems.install(app, page=page_of)
    compression.install(app)
    kept_answers.install(app)
    return app
