"""Official FoodData Central downloads are read in their public layouts."""

import json
from pathlib import Path

import pytest

from stillwell.errors import CaseError
from stillwell.nutrition import table
from stillwell.nutrition.official import import_official


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for kept in (table.connect, table.all_foods):
        kept.cache_clear()
    yield tmp_path
    for kept in (table.connect, table.all_foods):
        kept.cache_clear()


def test_csv_download(own_cache: Path) -> None:
    folder = own_cache / "FoodData_Central_csv_2025-04-24"
    folder.mkdir()
    (folder / "food.csv").write_text(
        '"fdc_id","data_type","description","food_category_id","publication_date"\n'
        '"111","foundation_food","Moonfruit, raw","9","2025-04-24"\n'
        '"222","sub_sample_food","Sample","9","2025-04-24"\n'
    )
    (folder / "food_category.csv").write_text(
        '"id","code","description"\n"9","0900","Fruits and Fruit Juices"\n'
    )
    (folder / "food_nutrient.csv").write_text(
        '"id","fdc_id","nutrient_id","amount"\n"1","111","1090","27"\n"2","111","1008","50"\n"3","222","1090","9"\n'
    )
    said: list[str] = []
    import_official(folder, said.append)
    item = table.food("fdc/111")
    assert item.nutrients["magnesium"] == 27
    assert item.nutrients["vitamin_d"] is None
    assert item.category == "Fruits and Fruit Juices"
    assert "2025-04-24" in item.release
    assert table.food("fndds/banana-raw").name == "Banana, raw"
    assert said
    with pytest.raises(CaseError):
        table.food("fdc/222")


def test_json_download(own_cache: Path) -> None:
    path = own_cache / "foundation.json"
    path.write_text(json.dumps({"FoundationFoods": [{
        "fdcId": 333, "description": "Starfruit, raw", "foodCategory": {"description": "Fruits"},
        "foodNutrients": [{"nutrient": {"id": 1087, "name": "Calcium, Ca"}, "amount": 3.0}],
        "foodPortions": [{"gramWeight": 91.0}],
    }]}))  # fmt: skip
    import_official(path, lambda line: None)
    assert table.food("fdc/333").nutrients["calcium"] == 3.0
    assert table.food("fdc/333").portion_grams == 91.0


def test_another_folder_is_refused_and_nothing_is_lost(own_cache: Path) -> None:
    with pytest.raises(CaseError, match=r"food\.csv"):
        import_official(own_cache, lambda line: None)
    assert table.food("fndds/banana-raw")
