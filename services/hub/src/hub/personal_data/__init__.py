"""Personal data in what customers write: found by shape and check digits, masked for models, removed from records."""

from hub.personal_data.find import Found, find
from hub.personal_data.masking import Masking, redact

__all__ = ["Found", "Masking", "find", "redact"]
