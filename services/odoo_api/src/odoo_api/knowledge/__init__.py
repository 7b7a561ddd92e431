"""Knowledge sync: what Odoo sends becomes the newest state of the KNOWLEDGE stream; only changes are written."""
