"""Search in what a company has told its assistant: products, rules, promotions, schedules, documents.

One in-process index per tenant, built from the KNOWLEDGE stream and followed live; no search server, no model.
"""

from hub.retrieval.knowledge_base import KnowledgeBase
from hub.retrieval.port import (
    AnswerableItem,
    AnswerableKind,
    Audience,
    Knowledge,
    Meanings,
    ProductHit,
    RuleHit,
    TenantKnowledge,
)

__all__ = [
    "AnswerableItem",
    "AnswerableKind",
    "Audience",
    "Knowledge",
    "KnowledgeBase",
    "Meanings",
    "ProductHit",
    "RuleHit",
    "TenantKnowledge",
]
