"""Breaks the system on purpose while customers write, heals it, and checks the history: `python -m benchmarks.chaos`.

* `talk`: the customers, and the people who take conversations over;
* `faults`: what is broken, when and for how long, chosen by a seed;
* `watch`: which messages Chatwoot got through to us (a webhook answered with 2xx);
* `history`: the evidence, and the check of it: pure functions.

What is promised is promised for messages that were accepted. A message whose webhook was never answered with 2xx (its
gateway was killed with the request in its hands, and Chatwoot tries again after 429 and 500 only) is counted apart.
"""
