from __future__ import annotations

from hub.retrieval.fusion import first_kept, fused, weight_of_meaning


def test_of_what_the_words_find_alike_the_nearer_in_meaning_comes_first() -> None:
    assert fused(["a", "b", "c"], ["c", "b"], 0.25) == ["b", "c", "a"]


def test_what_only_meaning_finds_comes_after_what_the_words_find() -> None:
    assert fused(["a", "b"], ["z", "y"], 0.25) == ["a", "b", "z", "y"]


def test_without_weight_the_order_is_that_of_the_words() -> None:
    assert fused(["a", "b", "c"], ["c", "a", "b"], 0.0) == ["a", "b", "c"]


def test_words_that_find_nothing_leave_the_order_to_meaning() -> None:
    assert fused([], ["z", "y"], 0.25) == ["z", "y"]


def test_words_that_hardly_know_the_question_count_no_more_than_its_meaning() -> None:
    assert weight_of_meaning(0.25, 0.59) == 1.0
    assert weight_of_meaning(0.25, 0.6) == 0.25


def test_what_the_words_put_first_is_always_shown() -> None:
    assert first_kept(["z", "y", "a"], ["a"], 2) == ["z", "a"]
    assert first_kept(["a", "z", "y"], ["a"], 2) == ["a", "z"]
    assert first_kept(["z", "y"], [], 1) == ["z"]
