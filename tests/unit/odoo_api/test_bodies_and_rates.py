import pytest

from odoo_api.http_api.bodies import parse_json
from odoo_api.http_api.models import AnswerBody
from odoo_api.http_api.problems import PROBLEMS, Problem
from odoo_api.http_api.rate import RateLimiter


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"a": NaN}', b'{"a": "\xff"}', b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}", b"[[],[]," * 200_000],
)
def test_hostile_json_is_refused_without_effort(body: bytes) -> None:
    with pytest.raises(Problem) as caught:
        parse_json(body)

    assert caught.value.kind.slug == "unreadable-body"


def test_fifty_thousand_items_are_not_too_many_brackets() -> None:
    item = b'{"id":"1","name":"Produto","attributes":{"cor":"azul"},"description":"' + b"x" * 300 + b'"},'

    parse_json(b'{"items":[' + item * 50_000 + b"{}]}")


def test_a_deep_contact_is_refused() -> None:
    deep: dict[str, object] = {}
    for _ in range(20):
        deep = {"a": deep}

    with pytest.raises(ValueError, match="nested"):
        AnswerBody(question="oi", contact=deep)


def test_a_key_may_burst_and_then_waits_for_its_rate() -> None:
    limiter = RateLimiter(per_second=2)

    assert [limiter.take("k", now=0).wait for _ in range(4)] == [0, 0, 0, 0]
    assert limiter.take("k", now=0).wait == 0.5
    assert limiter.take("other", now=0).wait == 0
    assert limiter.take("k", now=0.5).wait == 0
    assert limiter.take("k", now=0.5).wait > 0


def test_a_key_is_told_how_it_stands() -> None:
    limiter = RateLimiter(per_second=2)

    first = limiter.take("k", now=0).headers()
    last = [limiter.take("k", now=0) for _ in range(4)][-1].headers()

    assert first == {"RateLimit-Limit": "4", "RateLimit-Remaining": "3", "RateLimit-Reset": "1"}
    assert last == {"RateLimit-Limit": "4", "RateLimit-Remaining": "0", "RateLimit-Reset": "2", "Retry-After": "1"}


def test_looking_takes_nothing() -> None:
    limiter = RateLimiter(per_second=1, burst=1)

    assert [limiter.look("k", now=0).wait for _ in range(3)] == [0, 0, 0]
    assert limiter.take("k", now=0).wait == 0
    assert limiter.look("k", now=0).wait == 1


def test_problem_slugs_are_unique_and_usable_in_a_uri() -> None:
    assert all(slug.replace("-", "").isalpha() and slug.islower() for slug in PROBLEMS)
