from __future__ import annotations

import subprocess
import sys


def test_a_hub_without_models_does_not_carry_their_packages() -> None:
    heavy = ("pydantic_ai", "openai", "genai_prices", "numpy")
    look = f"import sys, hub.app; print([x for x in {heavy} if x in sys.modules])"

    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
