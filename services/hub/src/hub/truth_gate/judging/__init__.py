"""The judgement on each kind of claim."""
