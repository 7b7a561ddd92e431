"""A stand-in for a model provider with an OpenAI-compatible API."""
