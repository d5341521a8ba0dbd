"""The language of an answer."""

from flask.testing import FlaskClient


def test_a_list_of_languages_is_read_to_a_length_that_somebody_could_mean(web: FlaskClient) -> None:
    told = web.get("/api/v1/banks", headers={"Accept-Language": "en," + "x-" * 100_000}).get_json()
    assert told["title"].isascii()
