#!/usr/bin/env python3
"""The review site in headless browsers: what a reader does, and what a hostile document does not.

    cargo build && python3 tests/browser.py [--program FILE] [--required NAME …]

Makes a site from fixtures and one document with a hostile name, opens it from the folder as a reader would, and looks:
search, filters and order; a chosen value's box lies where the record says, on a PDF page, a sheet and a text; a chosen
box shows its value; bars of schedules stand under their years; nothing is printed to the console, and nothing of a
document runs. In Chromium and in Firefox; one that is not installed is skipped with a message, unless it is --required.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import bidi
import devtools

PROJECT = pathlib.Path(__file__).resolve().parent.parent
PDF = "pdf/plans/kirigaoka-forms.chromium.pdf"
ROTATED = "pdf/plans/tokiwadai-roadmap.reportlab.pdf"
SHEET = "spreadsheet/kazehana-forms.xlsx"
TEXT = "text/asanagi-jisshi-keikaku.txt"
HOSTILE = "text/togegawa-hyoji.csv"
# The same content as another fixture, under a name that is markup.
NAMED = "\"><img src=x onerror=window.ran=8>'&.txt"


def make(program, root):
    """Ingests fixtures and makes the site; gives its folder and the records by path."""
    for path in [PDF, ROTATED, SHEET, TEXT, HOSTILE]:
        target = root / "in" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / "fixtures" / path, target)
    shutil.copy(PROJECT / "fixtures/text/kitahama-dx.md", root / "in" / NAMED)
    subprocess.run([program, "ingest", "in", "-o", "out", "--quiet"], cwd=root, check=True)
    subprocess.run([program, "report", "out", "-o", "site", "--quiet"], cwd=root, check=True)
    records = {}
    for path in (root / "out/records").rglob("*.json"):
        record = json.loads(path.read_text("utf-8"))
        records[record["source"]["path"]] = record
    return root / "site", records


def resolve(record, pointer):
    for part in pointer.strip("/").split("/"):
        record = record[int(part)] if isinstance(record, list) else record[part]
    return record


class Site:
    def __init__(self, browser, folder, records):
        self.browser, self.folder, self.records = browser, folder, records

    def open_overview(self):
        self.browser.open((self.folder / "index.html").as_uri())
        self.browser.run("document.querySelector('button[data-language=ja]').click()")

    def open_plan(self, path):
        """Opens a plan as a reader does, by its link in the overview."""
        self.open_overview()
        link = f"[...document.querySelectorAll('#plans tbody tr')].find((row) => row.querySelector('small').textContent === {json.dumps(path)}).querySelector('a')"
        self.browser.open(self.browser.run(f"{link}.href"))
        return self.records[path]

    def rectangle(self, expression):
        return self.browser.run(f"(() => {{ const r = ({expression}).getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; }})()")

    def click(self, expression):
        """Brings an element into sight and clicks its middle with the mouse."""
        self.browser.run(f"({expression}).scrollIntoView({{ block: 'center' }})")
        x0, y0, x1, y1 = self.rectangle(expression)
        self.browser.click((x0 + x1) / 2, (y0 + y1) / 2)

    def choose(self, pointer):
        value = f"document.querySelector('[data-p={json.dumps(pointer)}]')"
        self.click(value)
        assert self.browser.run(f"{value}.classList.contains('chosen-value')"), pointer


def search_filter_and_order(site):
    browser = site.browser
    site.open_overview()
    count = len(site.records)
    assert browser.run("document.querySelectorAll('#plans tbody tr').length") == count
    # The order by measures, most first.
    browser.run("document.querySelector('[data-sort=measures]').click()")
    shown = browser.run("[...document.querySelectorAll('#plans tbody tr')].map((row) => Number(row.cells[4].textContent))")
    assert shown == sorted((len(record["measures"]) for record in site.records.values()), reverse=True), shown
    # A filter.
    browser.run("(() => { const s = document.getElementById('status'); s.value = 'proposal'; s.dispatchEvent(new Event('change')); })()")
    proposals = sum(record["plan"]["status"] == "proposal" for record in site.records.values())
    assert 0 < proposals < count
    assert browser.run("document.querySelectorAll('#plans tbody tr').length") == proposals
    browser.run("(() => { const s = document.getElementById('status'); s.value = ''; s.dispatchEvent(new Event('change')); })()")
    # A search over owners, typed; its result leads to the value.
    record = site.records[SHEET]
    owner = record["measures"][0]["owners"][0]["name"]
    browser.run("document.getElementById('query').focus()")
    browser.type(owner)
    browser.until("document.querySelectorAll('#hits li').length > 0")
    hits = browser.run("[...document.querySelectorAll('#hits li a')].map((link) => link.textContent)")
    assert all(owner in hit for hit in hits), hits
    browser.open(browser.run("document.querySelector('#hits li a').href"))
    assert browser.run("document.querySelector('.chosen-value').textContent") == owner
    assert not browser.run("document.getElementById('chosen').hidden")


def boxes_on_a_pdf_page(site, path):
    """The boxes of chosen values lie over their places on the picture, and lead back."""
    browser, record = site.browser, site.open_plan(path)
    pointers = []
    for i, measure in enumerate(record["measures"]):
        pointers += [f"/measures/{i}/schedule/{j}/text" for j in range(len(measure["schedule"]))][:2]
        pointers += [f"/measures/{i}/kpis/{j}/targets/{k}/value" for j, kpi in enumerate(measure["kpis"]) for k in range(len(kpi["targets"]))][:3]
        pointers += [f"/measures/{i}/owners/{j}/name" for j in range(len(measure["owners"]))][:1]
    assert len(pointers) > 5, pointers
    for pointer in pointers:
        at = resolve(record, pointer.rsplit("/", 1)[0])["at"]
        site.choose(pointer)
        figure = f"document.getElementById('p{at['page']}')"
        box = f"{figure}.querySelector('rect.chosen-box')"
        width, height = browser.run(f"[{figure}.querySelector('svg').viewBox.baseVal.width, {figure}.querySelector('svg').viewBox.baseVal.height]")
        picture = f"{figure}.querySelector('img')"
        browser.until(f"{picture}.complete && {picture}.naturalWidth > 0")
        natural = browser.run(f"[{picture}.naturalWidth, {picture}.naturalHeight]")
        assert abs(natural[0] / natural[1] - width / height) < 0.01, (natural, width, height)
        left, top, right, bottom = site.rectangle(picture)
        found, pane = site.rectangle(box), site.rectangle("document.querySelector('.source')")
        sides = [(left, right - left, width), (top, bottom - top, height)] * 2
        for side, value, (start, extent, points) in zip(found, at["bbox"], sides):
            expected = start + value / points * extent
            assert abs(side - expected) < 2, (pointer, found, at, expected)
        assert pane[1] <= found[1] and found[3] <= pane[3] + 1, f"{pointer}: its box is not in sight"
    # Back from the box to the value.
    target = pointers[-2]
    number = browser.run(f"document.querySelector('[data-p={json.dumps(target)}]').id.slice(1)")
    browser.press("Escape")
    assert browser.run("document.getElementById('chosen').hidden")
    site.click(f"document.querySelector('rect[data-v~=\"{number}\"]')")
    chosen = browser.run("document.querySelector('.chosen-value').dataset.p")
    assert resolve(record, chosen.rsplit("/", 1)[0])["at"] == resolve(record, target.rsplit("/", 1)[0])["at"], chosen


def boxes_on_a_sheet_and_in_a_text(site):
    browser, record = site.browser, site.open_plan(SHEET)
    for pointer in ["/measures/1/kpis/0/targets/1/value", "/measures/0/owners/0/name"]:
        site.choose(pointer)
        cells = browser.run("[...document.querySelectorAll('td.chosen-box')].map((cell) => cell.dataset.a)")
        assert cells == [resolve(record, pointer.rsplit("/", 1)[0])["at"]["range"]], (pointer, cells)
    record = site.open_plan(TEXT)
    for pointer in ["/measures/2/kpis/0/targets/0/value", "/measures/1/sections/0/text"]:
        site.choose(pointer)
        lines = browser.run("[...document.querySelectorAll('.line.chosen-box .n')].map((n) => Number(n.textContent))")
        at = resolve(record, pointer.rsplit("/", 1)[0])["at"]
        assert lines == list(range(at["line"], at["end_line"] + 1)), (pointer, lines)


def charts(site):
    browser, record = site.browser, site.open_plan(PDF)
    kpi = record["measures"][0]["kpis"][0]
    texts = browser.run("[...document.querySelector('.chart').querySelectorAll('text.figure')].map((text) => text.textContent)")
    assert len(texts) == 1 + len(kpi["targets"]), texts
    assert f"{kpi['targets'][0]['value']['number']:,}" in texts, texts
    for j, item in enumerate(record["measures"][0]["schedule"]):
        row = f"document.querySelectorAll('.gantt')[0].tBodies[0].rows[{j}]"
        browser.run(f"{row}.scrollIntoView({{ block: 'center' }})")
        bar = site.rectangle(f"{row}.querySelector('.bar')")
        for month, side in [(item["start"], bar[0]), (item["end"], bar[2])]:
            year, month = map(int, month.split("-"))
            within = (month - 4) % 12 + (side == bar[2])
            head = site.rectangle(f"[...document.querySelectorAll('.gantt')[0].querySelectorAll('th.year')].find((th) => th.textContent === '{year - (month < 4)}')")
            expected = head[0] + (head[2] - head[0]) * within / 12
            assert abs(side - expected) < 3, (item, bar, head)


def keys_and_languages(site):
    browser = site.browser
    site.open_plan(TEXT)
    browser.run("document.querySelector('.kpi .val').focus()")
    browser.press("Enter")
    assert browser.run("document.activeElement.classList.contains('chosen-value')")
    assert browser.run("document.getElementById('chosen-command').textContent").startswith(f"keikaku correct out/records/{TEXT}.json /measures/0/kpis/0/name ")
    browser.run("document.querySelector('button[data-language=en]').click()")
    assert "Schedule" in browser.run("document.querySelector('.cards').innerText")
    assert "スケジュール" not in browser.run("document.querySelector('.cards').innerText")


def nothing_of_a_document_runs(site):
    browser = site.browser
    for path in [HOSTILE, NAMED]:
        site.open_plan(path)
        for value in range(browser.run("document.querySelectorAll('.val').length")):
            browser.run(f"document.querySelectorAll('.val')[{value}].click()")
        assert browser.run("typeof window.ran") == "undefined", path
        assert browser.run("document.querySelectorAll('img[src=x], svg[onload], [onclick], script:not([src])').length") == 0
    site.open_overview()
    browser.run("document.getElementById('query').focus()")
    browser.type("script")
    browser.until("document.querySelectorAll('#hits li').length > 0")
    assert "<script>window.ran=1</script>の点検" in browser.run("document.getElementById('hits').innerText")
    assert browser.run("typeof window.ran") == "undefined"


def narrow(site):
    """On a narrow window the source lies below the cards, and a chosen value's box is in sight."""
    browser = site.browser
    browser.resize(420, 900)
    site.open_plan(PDF)
    site.choose("/measures/0/kpis/0/targets/0/value")
    pane = site.rectangle("document.querySelector('.source')")
    browser.until("document.querySelector('.chosen-box').getBoundingClientRect().top < innerHeight")
    box = site.rectangle("document.querySelector('.chosen-box')")
    assert pane[1] <= box[1] and box[3] <= pane[3], (pane, box)
    assert browser.run("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"
    browser.resize(1400, 900)


BROWSERS = {"Chromium": (devtools, "chromium"), "Firefox": (bidi, "firefox-esr")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(PROJECT / "target/debug/keikaku"))
    parser.add_argument("--required", nargs="*", default=[], choices=list(BROWSERS), help="browsers without which it fails")
    options = parser.parse_args()
    found = {name: protocol.find() for name, (protocol, _) in BROWSERS.items()}
    for name in [name for name in found if not found[name]]:
        print(f"skipped: no {name} found (Debian: apt-get install {BROWSERS[name][1]})")
    if any(not found[name] for name in options.required):
        return 1
    with tempfile.TemporaryDirectory() as root:
        folder, records = make(options.program, pathlib.Path(root)) if any(found.values()) else (None, {})
        for name, path in found.items():
            if path:
                look(name, path, folder, records)
    return 0


def look(name, path, folder, records):
    with BROWSERS[name][0].Browser(path) as browser:
        browser.resize(1400, 900)
        # What a page prints or throws is heard.
        browser.open((folder / "index.html").as_uri())
        browser.run("console.error('heard'), setTimeout(() => { throw new Error('heard'); })")
        browser.run("new Promise((done) => setTimeout(done, 200))")
        assert len(browser.complaints) == 2, browser.complaints
        browser.complaints.clear()
        site = Site(browser, folder, records)
        for check, *arguments in [
            (search_filter_and_order,),
            (boxes_on_a_pdf_page, PDF),
            (boxes_on_a_pdf_page, ROTATED),
            (boxes_on_a_sheet_and_in_a_text,),
            (charts,),
            (keys_and_languages,),
            (narrow,),
            (nothing_of_a_document_runs,),
        ]:
            check(site, *arguments)
            assert browser.complaints == [], browser.complaints
            print(f"ok: {name}, {check.__name__}", *arguments)


if __name__ == "__main__":
    sys.exit(main())
