"""Search by meaning beside the search by words: vectors of any OpenAI-compatible endpoint, off unless a tenant asks.

Words alone answer while vectors are missing, late or their endpoint is down, and decide alone what may be asserted;
vectors order what may be meant and show a model what shares no word with the question. numpy is imported with the
first tenant that has embeddings (`table`, `vectors` and `cache` need it, nothing else does).
"""
