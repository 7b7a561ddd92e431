from common.breaker import Breaker, BreakerPolicy

POLICY = BreakerPolicy(failures=3, open_seconds=10)


def failed(times: int, at: float = 0.0) -> Breaker:
    breaker = Breaker()
    for _ in range(times):
        breaker = breaker.failed(at, POLICY)
    return breaker


def test_it_opens_after_failures_in_a_row() -> None:
    assert failed(2).retry_after(0, POLICY) == 0
    assert failed(3).retry_after(0, POLICY) == 10
    assert failed(3).retry_after(4, POLICY) == 6


def test_a_success_forgets_earlier_failures() -> None:
    assert failed(2).succeeded().failed(0, POLICY).retry_after(0, POLICY) == 0


def test_after_its_time_one_probe_is_let_through_and_others_wait() -> None:
    breaker = failed(3)

    probing = breaker.admitted(10)

    assert breaker.retry_after(10, POLICY) == 0
    assert probing.retry_after(10.1, POLICY) > 0


def test_a_failed_probe_opens_it_again_and_a_good_one_closes_it() -> None:
    probing = failed(3).admitted(10)

    assert probing.failed(11, POLICY).retry_after(11, POLICY) == 10
    assert probing.succeeded() == Breaker()


def test_a_probe_that_never_reports_back_does_not_keep_it_open() -> None:
    assert failed(3).admitted(10).retry_after(20, POLICY) == 0
