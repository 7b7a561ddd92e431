"""The truth gate: code, not prompt, decides whether a reply may be sent."""

from hub.truth_gate.facts import facts_from_text
from hub.truth_gate.gate import GateResult, check

__all__ = ["GateResult", "check", "facts_from_text"]
