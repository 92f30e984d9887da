"""Nutrient numbers of FoodData Central and of the survey database, and what a food's values make in our terms.

Numbers from 1001 are FoodData Central's nutrient ids; those below are the USDA nutrient numbers ("203" protein)
of the standard reference and the survey database, which some downloads use in their place.
"""

from __future__ import annotations

from typing import Any

from stillwell.nutrition.foods.packaged import folate_equivalents
from stillwell.nutrition.foods.record import NUTRIENTS, added

IDS = {
    1008: "energy", 208: "energy", 2048: "energy_specific", 958: "energy_specific", 2047: "energy_general",
    957: "energy_general", 1003: "protein", 203: "protein", 1079: "fibre", 291: "fibre", 2033: "fibre_aoac",
    293: "fibre_aoac", 1178: "vitamin_b12", 418: "vitamin_b12", 1190: "folate", 435: "folate",
    1177: "folate_total", 417: "folate_total", 1186: "folic_acid", 431: "folic_acid", 1187: "folate_food",
    432: "folate_food", 1175: "vitamin_b6", 415: "vitamin_b6", 1165: "thiamin", 404: "thiamin", 1167: "niacin",
    406: "niacin", 1106: "vitamin_a", 320: "vitamin_a", 1114: "vitamin_d", 328: "vitamin_d",
    1110: "vitamin_d_iu", 324: "vitamin_d_iu", 1109: "vitamin_e", 323: "vitamin_e", 1162: "vitamin_c",
    401: "vitamin_c", 1087: "calcium", 301: "calcium", 1090: "magnesium", 304: "magnesium", 1089: "iron",
    303: "iron", 1092: "potassium", 306: "potassium", 1093: "sodium", 307: "sodium", 1091: "phosphorus",
    305: "phosphorus", 1095: "zinc", 309: "zinc", 1098: "copper", 312: "copper", 1103: "selenium",
    317: "selenium", 1057: "caffeine", 262: "caffeine", 1018: "alcohol", 221: "alcohol", 1051: "water",
    255: "water", 1166: "riboflavin", 405: "riboflavin", 1100: "iodine", 314: "iodine", 1185: "vitamin_k",
    430: "vitamin_k", 1005: "carbohydrate", 205: "carbohydrate", 2000: "sugars", 269: "sugars",
    1258: "saturated_fat", 606: "saturated_fat", 1404: "ala", 851: "ala", 1270: "ala_any", 619: "ala_any",
    1278: "epa", 629: "epa", 1272: "dha", 621: "dha",
}  # fmt: skip
STORED = tuple(dict.fromkeys([*NUTRIENTS, *IDS.values()]))  # columns while a download is read
VITAMIN_D_IU = 0.025  # ug (Institute of Medicine 2011)


def named(number: Any) -> str | None:
    """Our name of a nutrient id or number; None where it is not one of ours."""
    try:
        return IDS.get(int(float(number)))
    except (TypeError, ValueError):
        return None


def settled(values: dict[str, float], name: str, category: str) -> list[float | None]:
    """The row of a food: the best of several reports of one nutrient, in the order of NUTRIENTS.

    Folate in dietary folate equivalents: as reported, else food folate + 1.7 folic acid, else from the total.
    """
    found: dict[str, float | None] = {n: values.get(n) for n in NUTRIENTS}
    for n, others in (
        ("energy", ("energy_specific", "energy_general")),
        ("fibre", ("fibre_aoac",)),
    ):
        for other in others:
            if found[n] is None:
                found[n] = values.get(other)
    linolenic = values.get("ala", values.get("ala_any"))
    found["omega_3"] = added((linolenic, values.get("epa"), values.get("dha")))
    if found["vitamin_d"] is None and "vitamin_d_iu" in values:
        found["vitamin_d"] = values["vitamin_d_iu"] * VITAMIN_D_IU
    if found["folate"] is None:
        if "folate_food" in values and "folic_acid" in values:
            found["folate"] = values["folate_food"] + 1.7 * values["folic_acid"]
        else:
            found["folate"] = folate_equivalents(values.get("folate_total"), name, category)
    return [found[n] for n in NUTRIENTS]
