"""A manager at the desk in a real browser: reads a page as it is, decides by what its first screen shows, and counts each click and key."""

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

NOTE = "مجموع کسرها از سقف بیشتر است؛ فعالیت‌ها را اصلاح کنید"
APPROVE, RETURN, CLEAN = "تأیید", "بازگرداندن برای اصلاح", "بی‌تغییر، بی‌نشانه و بی‌بدهی"
ALL_OF_LIST, ALL_CHECKED = "تأیید همهٔ", "درخواست"
TO_MEND = "#warnings-title ~ a.button"
OVER = "بیش از سقف"
HIDDEN_CARDS = """() => {
  const edge = document.querySelector(".decision-bar").getBoundingClientRect().top;
  return [...document.querySelectorAll(".review-card, .return-field:has(input:checked)")]
    .filter((one) => one.getBoundingClientRect().bottom > edge + 1 || one.getBoundingClientRect().top < 0)
    .map((one) => one.innerText.split("\\n")[0]);
}"""
IS_IN_SIGHT = """(one) => {
  const box = one.getBoundingClientRect();
  return scrollY === 0 && box.top >= 0 && box.bottom <= innerHeight;
}"""
PAGE_MS = "performance.getEntriesByType('navigation')[0].responseEnd"
"""From the click to the whole answer, redirects and all."""


@dataclass
class Manager:
    """What was done: every click, every key, and a note as one action a field."""

    page: Page
    portal: str
    actions: int = 0
    decisions: int = 0
    page_ms: list[float] = field(default_factory=list)
    out_of_sight: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Type an address."""
        self.actions += 1
        self.page.goto(self.portal + path)
        self.timed()

    def click(self, what: Locator) -> None:
        """Click what leads to another page."""
        if not what.evaluate(IS_IN_SIGHT):
            self.out_of_sight.append(f"{self.page.url}: {what.inner_text()}")
        self.actions += 1
        with self.page.expect_navigation():
            what.click()
        self.timed()

    def press(self, key: str, *, leads_on: bool = True) -> None:
        """Press one key, once the page takes it."""
        self.actions += 1
        self.page.locator("html[data-keys]").wait_for()
        if not leads_on:
            self.page.keyboard.press(key)
            return
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.timed()

    def timed(self) -> None:
        self.page_ms.append(self.page.evaluate(PAGE_MS))

    def look(self) -> None:
        """What a decision rests on must be on the first screen."""
        found = self.page.evaluate(HIDDEN_CARDS)
        self.out_of_sight += [f"{self.page.url}: {text}" for text in found]

    @property
    def is_at_a_request(self) -> bool:
        return self.page.locator(".decision-bar").count() > 0

    def decide_unchanged(self) -> None:
        """All at once that are unchanged and have nothing to look at, a hundred at a time."""
        self.open("/desk")
        self.click(self.page.get_by_role("link", name=CLEAN))
        while (button := self.page.get_by_role("button", name=ALL_OF_LIST)).count():
            self.click(button)
            self.click(self.page.locator("form").get_by_role("button", name=ALL_CHECKED))
            self.decisions += self.page.locator("main ul").first.locator("li").count()
            self.click(self.page.locator(".back").get_by_role("link"))

    def decide_one_by_one(self) -> None:
        """The first of the list, and from each to the next, until nothing is left."""
        self.open("/desk")
        self.click(self.page.locator("[data-row]").first)
        while self.is_at_a_request:
            self.look()
            mend = self.page.locator(TO_MEND)
            if not mend.count():
                self.click(self.page.get_by_role("button", name=APPROVE, exact=True))
            else:
                self.return_for_correction(mend.first)
            self.decisions += 1

    def return_for_correction(self, mend: Locator) -> None:
        """The field that has the warning, with a note where too much is used."""
        is_over = OVER in self.page.locator("#warnings-title ~ ul").inner_text()
        self.click(mend)
        self.look()
        if is_over:
            self.actions += 1
            self.page.locator(".return-field:has(input:checked) input[type=text]").fill(NOTE)
        self.click(self.page.get_by_role("button", name=RETURN, exact=True))

    def decide_by_keys(self, count: int) -> None:
        """So many, with the keyboard alone."""
        self.open("/desk")
        self.press("j", leads_on=False)
        self.press("o")
        for _ in range(count):
            self.look()
            if self.page.locator(TO_MEND).count():
                self.press("f")
                self.look()
                self.press("r")
            else:
                self.press("a")
            self.decisions += 1
