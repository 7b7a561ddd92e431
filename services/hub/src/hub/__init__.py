"""The brain: conversation state, turns, retrieval, answers, truth gate. Speaks only NATS."""
