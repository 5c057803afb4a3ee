"""Tables that others published inside their packages, and what an import has to make of them.

Unpacks each into the folder that is given, and prints for each its file, the number of its lines and how
many different addresses there are in it, as Python's csv and a plain notion of an address see it.
"""

import csv
import importlib.metadata
import json
import re
import sys
import zipfile
from pathlib import Path

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def inside(package, path):
    return importlib.metadata.distribution(package).locate_file(path)


def table(name, path, column):
    with open(path, encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    at = header.index(column)
    addresses = [row[at].strip().lower() for row in rows]
    good = [address for address in addresses if ADDRESS.fullmatch(address)]
    return {
        "name": name,
        "path": str(path),
        "column": at,
        "columns": len(header),
        "lines": len(rows),
        "people": len(set(good)),
        "repeated": len(good) - len(set(good)),
        "without": sum(not address for address in addresses),
    }


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(inside("pointblank", "pointblank/data/global_sales.zip")) as packed:
        member = next(name for name in packed.namelist() if name.endswith(".csv") and "MACOSX" not in name)
        sales = Path(packed.extract(member, folder))
    hauliers = inside("dataprep", "dataprep/datasets/data/waste_hauler.csv")
    print(json.dumps([table("waste_hauler", hauliers, "EMAIL"), table("global_sales", sales, "email")]))


main()
