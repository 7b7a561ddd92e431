"""The control API: what tests, the demo and the chat page use to move the simulated world. JSON, under `api/`.

GET    status                                       what is simulated here
POST   accounts                                     create a company (`state.NewAccount`)
GET    accounts                                     ids and names
PATCH  accounts/{a}                                 webhook addresses and secrets, keep_pending_on_bot_failure
POST   accounts/{a}/customers                       {name, phone, inbox_id}
GET    accounts/{a}/customers
POST   accounts/{a}/customers/{c}/messages          {texts, gap_seconds, in_reply_to, attachments}: a burst
POST   accounts/{a}/customers/{c}/typing            {on}
GET    accounts/{a}/conversations                   one row each, newest first
GET    accounts/{a}/conversations/{n}               the transcript (`transcript.Transcript`)
POST   accounts/{a}/conversations/{n}/actions       {action, text, user_id}: what a person of the company does
GET    accounts/{a}/counters                        POSTs per command, stored messages, webhooks by outcome
GET    accounts/{a}/arrivals                        the POSTs in the order they arrived
DELETE accounts/{a}/counters                        count anew
GET    accounts/{a}/deliveries                      the last webhook attempts
GET    accounts/{a}/events                          server-sent events: something changed
GET    faults | POST faults | DELETE faults | DELETE faults/{id}      (`faults.FaultSpec`)
POST   clock                                        {advance_seconds}
PATCH  odoo                                         {series, latency_seconds}
GET    odoo/calls                                   calls by `<model>/<method>`
POST   odoo/databases                               {name, login, api_key}
GET    odoo/databases/{db}/products[/{sku}]         with live price and stock
PATCH  odoo/databases/{db}/products/{sku}           {list_price, stock: {warehouse: [on hand, reserved]}}
PATCH  odoo/databases/{db}                          {denied_models, api_key}
POST   model/script                                 {key, answers: [{text, tool_calls, ...}]}
GET    model/requests | DELETE model
GET    company/knowledge                            the sample company's items by kind
"""
