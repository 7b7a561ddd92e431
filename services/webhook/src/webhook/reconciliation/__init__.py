"""The sweep that finds what no webhook told: it reads Chatwoot's lists and passes on what is missing.

Chatwoot sends most webhooks once, keeps no log of them and has no feed to read again. What the sweep finds becomes the
same bodies, the same translation and the same event ids, so that the broker drops whatever had arrived after all.
"""
