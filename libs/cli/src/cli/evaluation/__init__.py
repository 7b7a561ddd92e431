"""How well the assistant answers, measured: suites of questions, what has to happen, and the numbers that come out.

The suites in `suites/` are data. Each has a part `dev` that may be looked at while something is worked on, and a part
`test` that is only measured.
"""
