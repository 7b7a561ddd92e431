"""What is slow is measured by what is usual."""

from __future__ import annotations

from webhook.circuit import Circuit, CircuitPolicy, Circuits


def _circuits(**took: float) -> Circuits:
    circuits = Circuits(CircuitPolicy(at_once=2))
    for tenant, seconds in took.items():
        circuits.of(tenant).took.extend([seconds] * 9)
    return circuits


def test_nobody_is_waited_for_longer_than_usual_when_all_is_well() -> None:
    assert _circuits().patience(0.3, 2.0) == 0.3
    assert _circuits(acme=0.02).patience(0.3, 2.0) == 0.3


def test_where_every_chatwoot_takes_long_the_machine_is_slow_and_patience_grows_up_to_a_limit() -> None:
    assert _circuits(acme=0.25, belo=0.4).patience(0.3, 2.0) == 0.75
    assert _circuits(acme=5.0).patience(0.3, 2.0) == 2.0


def test_one_slow_chatwoot_does_not_make_partitions_patient_with_it() -> None:
    assert _circuits(slow=5.0, acme=0.02).patience(0.3, 2.0) == 0.3


def test_some_slow_answers_among_many_do_not_change_what_is_usual() -> None:
    circuits = _circuits(acme=0.02)
    circuits.of("acme").took.extend([3.0] * 5)

    assert circuits.patience(0.3, 2.0) == 0.3


def test_a_full_tenant_is_waited_for_unless_its_requests_take_long() -> None:
    policy = CircuitPolicy(at_once=2)

    assert Circuit("acme", policy, running=2).is_full
    assert not Circuit("acme", policy, running=1).is_full
    assert not Circuit("acme", policy, running=2, slow=2).is_full
