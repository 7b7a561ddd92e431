"""Shows the Odoo module in a real Odoo, in a browser, against the running system. Called by show_real_odoo.sh.

A browser opens the settings, enters address and key, presses Test, edits a rule, presses Synchronise, and asks a
question in the box “Test the assistant”; then the gateway is dead while rules are edited 200 times. Everything that is
claimed is checked; the screenshots stand in docs/images.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import httpx
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from support.odoo_module import Assistant, RealOdoo, System, until

IMAGES = Path(__file__).parents[1] / "docs" / "images"
QUESTION = "Qual é o prazo de troca?"
RULES, EDITS = 40, 200


class Browser:
    """A browser in Odoo's web client."""

    def __init__(self, odoo: str) -> None:
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1360,900"):
            options.add_argument(argument)
        service = webdriver.ChromeService(os.environ.get("CHROMEDRIVER", "/usr/bin/chromedriver"))
        self._driver = webdriver.Chrome(options=options, service=service)
        self._odoo = odoo

    def close(self) -> None:
        self._driver.quit()

    def log_in(self) -> None:
        self._driver.get(f"{self._odoo}/web/login")
        self.find("input[name=login]").send_keys("admin")
        self.find("input[name=password]").send_keys("admin")
        self.find("form.oe_login_form button[type=submit]").click()
        self.find(".o_main_navbar", seconds=180)

    def open(self, path: str) -> None:
        self._driver.get(f"{self._odoo}/odoo/{path}")
        self.find(".o_main_navbar", seconds=60)

    def find(self, css: str, seconds: float = 30) -> WebElement:
        """The first visible element; waits for it."""

        def visible(_: object) -> WebElement | None:
            try:
                return next(
                    (each for each in self._driver.find_elements(By.CSS_SELECTOR, css) if each.is_displayed()), None
                )
            except (StaleElementReferenceException, NoSuchElementException):
                return None

        try:
            return WebDriverWait(self._driver, seconds).until(visible)  # type: ignore[return-value]
        except WebDriverException:
            self.picture("failed")
            raise AssertionError(f"{css} does not show; see docs/images/odoo-module-failed.png") from None

    def fill(self, css: str, text: str) -> None:
        element = self.find(css)
        element.clear()
        element.send_keys(text)

    def press(self, button: str, *, within: str = "") -> None:
        element = self.find(f"{within} button[name={button}]")
        self._driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def picture(self, name: str) -> None:
        IMAGES.mkdir(exist_ok=True)
        # Odoo fades its dialogs in.
        time.sleep(0.7)
        self._driver.save_screenshot(str(IMAGES / f"odoo-module-{name}.png"))


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def show_settings(browser: Browser, system: System, key: str) -> None:
    browser.open("settings")
    browser.find(".settings_tab [data-key=odoo_ai]").click()
    browser.fill("div[name=odoo_ai_url] input", system.url)
    browser.fill("div[name=odoo_ai_key] input", key)
    browser.press("action_odoo_ai_test")
    browser.find(".modal .alert-success")
    browser.picture("test")
    browser.find(".modal-footer button").click()
    browser.open("settings")
    browser.find(".settings_tab [data-key=odoo_ai]").click()
    browser.find("div[name=odoo_ai_key_hint]")
    browser.picture("settings")
    say("settings: address and key entered, every step of the test works; the key is not shown again")


def show_rule(browser: Browser, assistant: Assistant, system: System, key: str) -> None:
    rule = assistant.rule("Prazo de troca", "Você pode trocar em até 7 dias.", category="exchange")
    browser.open(f"action-odoo_ai.odoo_ai_rule_action/{rule}")
    browser.fill("div[name=text] textarea", "Você pode trocar qualquer produto em até 45 dias, com a nota fiscal.")
    browser.find(".o_form_button_save").click()
    until(lambda: "45" in assistant.odoo.read("odoo.ai.rule", rule, "text")["text"], 20, "the rule is saved")
    browser.open("action-odoo_ai.odoo_ai_connection_action")
    browser.press("action_synchronise", within=".o_form_view")
    browser.find(".modal div[name=line_ids] .o_data_row", seconds=90)
    began = time.monotonic()
    browser.picture("synchronise")
    headers = {"Authorization": f"Bearer {key}"}

    def answer() -> str:
        found = httpx.post(f"{system.url}/api/v1/assistant/answer", json={"question": QUESTION}, headers=headers)
        return str(found.json().get("answer"))

    until(lambda: "45 dias" in answer(), 15, "the running system answers with the rule")
    say(f"rule edited and synchronised; {time.monotonic() - began:.1f} s later the system answers: {answer()!r}")
    browser.open(f"action-odoo_ai.odoo_ai_rule_action/{rule}")
    browser.find("div[name=text] textarea")
    browser.picture("rule")


def show_question(browser: Browser) -> None:
    browser.open("action-odoo_ai.odoo_ai_rule_action")
    browser.find("[data-menu-xmlid='odoo_ai.menu_ask']").click()
    browser.fill(".modal div[name=question] textarea", QUESTION)
    browser.press("action_ask", within=".modal")
    browser.find(".modal div[name=source_ids] .o_data_row")
    text = browser.find(".modal div[name=answer]").text
    assert "45 dias" in text, text
    browser.picture("answer")
    say("the box in Odoo shows the answer with its sources and checks")


def show_outage(assistant: Assistant, system: System, dead_seconds: float) -> None:
    with system.running():
        rules = [assistant.rule(f"Regra {number}", "Antes.") for number in range(RULES)]
        until(lambda: assistant.health()["waiting"] == 0, 60, "the rules are sent")
    say(f"gateway stopped; {EDITS} edits of {RULES} rules in {dead_seconds:g} s")
    began = time.monotonic()
    for number in range(EDITS):
        assistant.odoo.call("odoo.ai.rule", "write", [rules[number % RULES]], vals={"text": f"Edição {number}."})
        time.sleep(max(0.0, began + dead_seconds * (number + 1) / EDITS - time.monotonic()))
    health = assistant.health()
    assert health["health"] == "failing", health
    say(f"{health['waiting']} changes wait, {health['failures']} attempts failed: {health['last_error']}")
    with system.running():
        began = time.monotonic()
        # No button is pressed: the module's own next attempt finds the gateway again.
        until(lambda: assistant.health()["waiting"] == 0, 420, "everything is sent")
        took = time.monotonic() - began
        health = assistant.health()
        assert (health["health"], health["refused"]) == ("ok", 0), health
        counts = assistant.synchronise()["rule"]
        assert (counts["created"], counts["updated"], counts["removed"]) == (0, 0, 0), counts
    say(
        f"everything was sent {took:.0f} s after the gateway was back; "
        f"a full synchronisation finds nothing to do: {counts}"
    )


def main() -> int:
    """Show it all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dead-seconds", type=float, default=120.0, help="how long the gateway is dead")
    parser.add_argument("--only", choices=("browser", "outage"), help="only this part")
    wanted = parser.parse_args()
    odoo = RealOdoo(os.environ["REAL_ODOO_URL"], os.environ["REAL_ODOO_KEY"])
    with tempfile.TemporaryDirectory() as folder:
        system = System(Path(folder))
        with system.running():
            key = system.new_key()
            assistant = Assistant.connected(odoo, system.url, key)
            if wanted.only != "outage":
                browser = Browser(odoo.url)
                try:
                    browser.log_in()
                    show_settings(browser, system, key)
                    show_rule(browser, assistant, system, key)
                    show_question(browser)
                finally:
                    browser.close()
        try:
            if wanted.only != "browser":
                show_outage(assistant, system, wanted.dead_seconds)
        finally:
            assistant.forget()
    say("All of it works.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
