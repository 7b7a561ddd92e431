"""What a reply asserts without a value of its own, and the judgement on it."""
