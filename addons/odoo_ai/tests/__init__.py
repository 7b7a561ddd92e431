from . import (
    test_access,
    test_ask,
    test_connection,
    test_delivery,
    test_full_sync,
    test_items,
    test_lead,
    test_multi_company,
    test_outbox,
    test_products,
    test_secrets_over_http,
    test_settings,
)
