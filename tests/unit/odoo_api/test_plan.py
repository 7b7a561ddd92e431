from collections.abc import Sequence
from typing import Any

from odoo_api.knowledge.plan import Known, Plan, Rejection, Sent, check_item, plan_patch, plan_replace, repeated_ids


def rule(item_id: Any = "r1", text: str = "Trocas em 7 dias.", **more: Any) -> dict[str, Any]:
    return {"id": item_id, "title": "Trocas", "text": text, **more}


def sent(*raws: Any) -> Sent:
    repeated = repeated_ids(raws)
    checked = [check_item("rule", raw, index, repeated) for index, raw in enumerate(raws)]
    return Sent(
        accepted={each[0].id: each for each in checked if not isinstance(each, Rejection)},
        rejected=tuple(each for each in checked if isinstance(each, Rejection)),
    )


def known(*raws: dict[str, Any]) -> dict[str, Known]:
    return {item_id: Known(digest, 1) for item_id, (_, digest) in sent(*raws).accepted.items()}


def changes(plan: Plan) -> tuple[Sequence[str], Sequence[str], int, Sequence[str]]:
    return plan.created, plan.updated, plan.unchanged, plan.removed


def test_replace_creates_updates_keeps_and_removes() -> None:
    stored = known(rule("same"), rule("changed"), rule("gone"))

    plan = plan_replace(stored, sent(rule("same"), rule("changed", text="Trocas em 30 dias."), rule("new")))

    assert changes(plan) == (("new",), ("changed",), 1, ("gone",))


def test_a_new_edit_time_alone_is_no_change() -> None:
    plan = plan_replace(known(rule("r1")), sent(rule("r1", updated_at="2026-11-24T12:00:00Z")))

    assert changes(plan) == ((), (), 1, ())


def test_a_rejected_item_does_not_delete_its_stored_version() -> None:
    plan = plan_replace(known(rule("r1"), rule("r2")), sent(rule("r1"), {"id": "r2", "titel": "misspelt"}))

    assert plan.removed == ()


def test_a_rejected_item_with_a_number_for_its_id_protects_the_item_it_means() -> None:
    plan = plan_replace(known(rule("12"), rule("13")), sent(rule(12)))

    assert plan.removed == ("13",)


def test_nothing_is_removed_while_a_rejected_item_has_no_id() -> None:
    plan = plan_replace(known(rule("r1"), rule("r2")), sent(rule("r1"), {"title": "no id"}))

    assert plan.removed == ()


def test_an_id_sent_twice_is_rejected_both_times_and_stays_stored() -> None:
    request = sent(rule("r1"), rule("r1", text="other"))

    assert [each.index for each in request.rejected] == [0, 1]
    assert request.rejected[0].errors[0].type == "duplicate"
    assert plan_replace(known(rule("r1")), request).removed == ()


def test_an_empty_replace_removes_everything() -> None:
    assert plan_replace(known(rule("r1"), rule("r2")), sent()).removed == ("r1", "r2")


def test_patch_removes_only_what_is_stored_and_named() -> None:
    plan = plan_patch(known(rule("r1"), rule("r2")), sent(rule("r3")), ["r2", "r2", "unknown"])

    assert changes(plan) == (("r3",), (), 0, ("r2",))


def test_errors_name_the_fields_and_not_their_values() -> None:
    rejection = check_item("rule", rule("r1", priority=500, colour="secret value"), 3, frozenset())

    assert isinstance(rejection, Rejection)
    assert {each.field for each in rejection.errors} == {"priority", "colour"}
    assert rejection.index == 3
    assert "secret value" not in rejection.model_dump_json()


def test_things_that_are_no_items_are_rejected() -> None:
    assert len(sent(None, 5, "text", [], [[]]).rejected) == 5
