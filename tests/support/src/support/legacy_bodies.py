"""Bodies as the old Odoo modules send them: `False` for what is empty, hours as decimal numbers, no ids of rules."""

from __future__ import annotations

from typing import Any

ACCOUNT = "account_1"
TOKEN = "account_1-0a1b2c3d"

DAYS: dict[str, Any] = {
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), True),
    "saturday": True,
    "sunday": False,
}
BUSINESS_HOURS: dict[str, Any] = {
    "start": 8.0,
    "end": 18.0,
    "lunch_break": {"enabled": True, "start": 12.0, "end": 13.5},
    "days": {**DAYS, "saturday_hours": {"start": 8.5, "end": 12.0}},
}

METADATA: dict[str, Any] = {
    "company_info": {
        "company_name": "Casa Acme",
        "website": "https://acme.example",
        "description": "Móveis sob medida.",
        "company_values": False,
        "business_area": "retail",
        "business_area_other": False,
    },
    "customer_service": {
        "greeting_message": "Olá! Como posso ajudar?",
        "communication_style": "friendly",
        "emoji_usage": "moderate",
        "inform_promotions_at_start": True,
    },
    "business_hours": BUSINESS_HOURS,
    "social_media": {
        "show_website": True,
        "show_instagram": True,
        "show_facebook": False,
        "instagram_url": "https://instagram.com/acme",
        "facebook_url": False,
    },
}

RULES: dict[str, Any] = {
    "basic_info": {
        "company_name": "Casa Acme",
        "website": "https://acme.example",
        "description": "Móveis sob medida.",
        "company_values": False,
        "business_area": "retail",
        "greeting_message": "Olá! Como posso ajudar?",
        "communication_style": "friendly",
        "emoji_usage": "moderate",
        "business_hours": BUSINESS_HOURS,
    },
    "permanent_rules": [
        {"name": "Trocas", "description": "Trocas em até 7 dias.", "type": "return"},
        {"name": "Entrega", "description": "Entregamos em 5 dias úteis.", "type": "delivery"},
    ],
    "temporary_rules": [
        {
            "name": "Promoção de verão",
            "description": "10% de desconto em cadeiras.",
            "type": "product",
            "date_start": "2026-11-01 03:00:00",
            "date_end": "2030-12-31 02:59:59",
        },
        {
            "name": "Recesso",
            "description": "Fechado para inventário.",
            "type": "general",
            "date_start": False,
            "date_end": "2030-12-31 03:00:00",
        },
        {
            "name": "Estacionamento",
            "description": "Gratuito para clientes.",
            "type": "other",
            "date_start": False,
            "date_end": False,
        },
    ],
}

SCHEDULING: dict[str, Any] = {
    "scheduling_rules": [
        {
            "rule_id": 7,
            "name": "Montagem",
            "description": False,
            "service_type": "installation",
            "service_type_other": False,
            "duration": 1.5,
            "min_interval": 0.0,
            "min_advance_time": 24.0,
            "max_advance_time": 30,
            "days_available": DAYS,
            "hours": {
                "weekdays": {
                    "morning_start": 8.0,
                    "morning_end": 12.0,
                    "afternoon_start": 14.0,
                    "afternoon_end": 18.0,
                    "has_lunch_break": True,
                },
                "saturday": {"morning_start": 8.5, "morning_end": 12.0, "afternoon_start": 0.0, "afternoon_end": 0.0},
                "sunday": {"morning_start": 0.0, "morning_end": 0.0, "afternoon_start": 0.0, "afternoon_end": 0.0},
            },
            "policies": {"cancellation": "Avise um dia antes.", "rescheduling": False},
            "additional_info": {"required_information": "Endereço", "confirmation_instructions": False},
        }
    ]
}


def document(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"Manual {number}",
        "document_type": "support",
        "content": f"Texto do manual {number}.",
        "active": True,
        "visible_in_ai": True,
        "create_date": "2026-11-24 12:00:00",
        **changes,
    }


def documents(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"account_id": ACCOUNT, "business_rule_id": 1, "documents": list(rows)}


def credentials(**changes: Any) -> dict[str, Any]:
    return {
        "source": "credentials",
        "event": "credentials_sync",
        "account_id": ACCOUNT,
        "token": TOKEN,
        "credentials": {
            "domain": "retail",
            "name": "Casa Acme",
            "odoo_url": "https://erp.acme.example",
            "odoo_db": "acme",
            "odoo_username": "bot@acme.example",
            "odoo_password": "the-odoo-password",
            "token": TOKEN,
            "qdrant_collection": f"business_rules_{ACCOUNT}",
            "redis_prefix": ACCOUNT,
            "facebook_app_secret": "the-facebook-secret",
            "instagram_access_token": False,
        },
        **changes,
    }


def mapping(account: int = 1, inbox: int | bool = False, **changes: Any) -> dict[str, Any]:
    return {
        "source": "channel_mapping",
        "event": "mapping_sync",
        "account_id": ACCOUNT,
        "token": TOKEN,
        "mapping": {
            "chatwoot_account_id": account,
            "chatwoot_inbox_id": inbox,
            "internal_account_id": ACCOUNT,
            "domain": "retail",
            "is_fallback": False,
            "sequence": 10,
            "special_whatsapp_numbers": [],
        },
        **changes,
    }
