"""What every service shares: messages, NATS, settings, logs, traces, health."""
