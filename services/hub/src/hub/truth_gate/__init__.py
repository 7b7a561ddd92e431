"""The truth gate: code, not prompt, decides whether a reply may be sent."""

from hub.truth_gate.gate import GateResult, check
from hub.truth_gate.grounds.facts import facts_from_text

__all__ = ["GateResult", "check", "facts_from_text"]
