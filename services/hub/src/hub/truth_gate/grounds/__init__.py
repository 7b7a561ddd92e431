"""What a claim may stand on, and what it is about."""
