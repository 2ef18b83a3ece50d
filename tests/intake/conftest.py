"""Small sets of files that tests write, spoil and load."""

from __future__ import annotations

from pathlib import Path

import pytest

PRODUCTS = "product,series,sales_price\nGTX Pro,GTX,4821\nMG Special,MG,55\n"
TEAMS = "sales_agent,manager,regional_office\nAnn Ash,Max Moor,East\nBob Birch,Max Moor,East\nCid Cedar,Nora North,West\n"
ACCOUNTS = (
    "account,sector,year_established,revenue,employees,office_location,subsidiary_of\n"
    "Acme,technolgy,1996,1100.04,2822,United States,\n"
    "Bluth,retail,2001,,,Kenya,Acme\n"
)
PIPELINE = (
    "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
    "A1,Ann Ash,GTX Pro,Acme,Won,10/20/2016,3/1/2017,4900\n"
    "A2,Bob Birch,GTXPro,Acme,Won,11/1/2016,2/27/2017,4821.50\n"
    "A3,Cid Cedar,MG Special,Bluth,Lost,1/5/2017,3/3/2017,0\n"
    "A4,Cid Cedar,MG Special,Bluth,Engaging,2/1/2017,,\n"
    "A5,Ann Ash,GTX Pro,,Prospecting,,,\n"
)
FILES = {"products.csv": PRODUCTS, "sales_teams.csv": TEAMS, "accounts.csv": ACCOUNTS, "sales_pipeline.csv": PIPELINE}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with four small good files."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def add_line(folder: Path, name: str, line: str) -> None:
    """Append a line to one of the files."""
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
