"""Pages that people at banks and operators have alike, each below the address of their own desk."""

from collections.abc import Callable

from flask import Blueprint, Response

from hub.web.pages.visitors import for_bank, for_operators

View = Callable[..., Response]


def for_staff_at(pages: Blueprint, rule: str, *methods: str) -> Callable[[View], View]:
    """The view is there below `/portal` for people at banks, and below `/ops` for operators."""

    def decorate(view: View) -> View:
        for area, allowed in (("/portal", for_bank()), ("/ops", for_operators)):
            endpoint = f"{view.__name__}_{area[1:]}"
            pages.add_url_rule(f"{area}{rule}", endpoint, allowed(view), methods=methods or ("GET",))
        return view

    return decorate
