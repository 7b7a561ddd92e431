"""Casa Jabuticaba, the sample company: a shop for the home, as knowledge items and as Odoo records."""

from __future__ import annotations

from simulator.company.knowledge import Knowledge, company_knowledge
from simulator.company.records import Records, company_records

__all__ = ["Knowledge", "Records", "company_knowledge", "company_records"]
