from __future__ import annotations

from hub.agent.breaker import POLICY, ModelBreaker


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> ModelBreaker:
    breaker = ModelBreaker(clock)
    for _ in range(POLICY.failures):
        assert not breaker.is_open
        breaker.begins()
        breaker.failed()
    return breaker


def test_after_the_pause_one_customer_tries_the_model_and_the_others_do_not_wait_for_it() -> None:
    clock = Clock()
    breaker = opened(clock)
    during_the_pause = breaker.is_open

    clock.now = POLICY.open_seconds + 1
    after_it = breaker.is_open
    breaker.begins()

    assert during_the_pause
    assert not after_it
    assert breaker.is_open


def test_a_model_that_answers_again_is_asked_by_everybody() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now = POLICY.open_seconds + 1
    breaker.begins()

    breaker.succeeded()

    assert not breaker.is_open


def test_a_try_that_fails_begins_the_pause_anew() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now = POLICY.open_seconds + 1
    breaker.begins()

    breaker.failed()
    clock.now += POLICY.open_seconds - 1

    assert breaker.is_open
