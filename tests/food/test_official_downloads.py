"""Official FoodData Central downloads are read in their public layouts."""

import json
from pathlib import Path

import pytest

from stillwell.errors import CaseError
from stillwell.nutrition.foods import table
from stillwell.nutrition.foods.official import import_official


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


FOOD = '"fdc_id","data_type","description","food_category_id","publication_date"\n'
VALUES = '"id","fdc_id","nutrient_id","amount"\n'


def csv_folder(at: Path, name: str, foods: str, values: str, **more: str) -> Path:
    folder = at / name
    folder.mkdir()
    (folder / "food.csv").write_text(FOOD + foods)
    (folder / "food_nutrient.csv").write_text(VALUES + values)
    for file, text in more.items():
        (folder / f"{file}.csv").write_text(text)
    return folder


def bring(path: Path) -> list[str]:
    said: list[str] = []
    import_official(path, said.append)
    return said


def test_two_releases_stand_side_by_side(own_cache: Path) -> None:
    bring(
        csv_folder(
            own_cache,
            "fdc_2023-10",
            '"1","foundation_food","Moonfruit","","x"\n',
            '"1","1","1090","27"\n',
        )
    )
    bring(
        csv_folder(
            own_cache,
            "fdc_2024-10",
            '"2","foundation_food","Sunfruit","","x"\n',
            '"1","2","1090","9"\n',
        )
    )
    assert table.food("fdc/1").nutrients["magnesium"] == 27
    assert table.food("fdc/2").release.endswith("fdc_2024-10")


def test_the_newest_release_of_a_food_is_the_one_shown(own_cache: Path) -> None:
    for year, amount in (("2024-10", 30), ("2023-10", 27)):
        bring(csv_folder(own_cache, f"fdc_{year}", '"1","foundation_food","Moonfruit","","x"\n',
                         f'"1","1","1090","{amount}"\n'))  # fmt: skip
    assert table.food("fdc/1").nutrients["magnesium"] == 30


def test_a_zip_as_it_was_downloaded_is_read(own_cache: Path) -> None:
    import zipfile

    folder = csv_folder(
        own_cache, "fdc", '"1","sr_legacy_food","Moonfruit","","x"\n', '"1","1","1090","27"\n'
    )
    path = own_cache / "FoodData_Central_sr_legacy_food_csv_2018-04.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"FoodData_Central_sr_legacy_food_csv_2018-04/{file.name}")
    bring(path)
    assert "2018-04" in table.food("fdc/1").release


def test_nutrient_numbers_of_the_survey_portions_and_iu_are_mapped(own_cache: Path) -> None:
    bring(csv_folder(
        own_cache, "survey", '"1","survey_fndds_food","Moonfruit","","x"\n',
        '"1","1","203","4"\n"2","1","304","27"\n"3","1","324","40"\n"4","1","435","80"\n"5","1","262","3"\n',
        food_portion="id,fdc_id,seq_num,amount,measure_unit_id,portion_description,modifier,gram_weight\n"
        "1,1,1,,9999,1 fruit,,70\n",
        measure_unit="id,name\n9999,undetermined\n",
    ))  # fmt: skip
    item = table.food("fdc/1")
    assert item.nutrients["protein"] == 4
    assert item.nutrients["magnesium"] == 27
    assert item.nutrients["vitamin_d"] == 1.0
    assert item.nutrients["folate"] == 80
    assert item.nutrients["caffeine"] == 3
    assert item.portion_grams == 70
    assert table.portions("fdc/1") == [("1 fruit", 70.0)]


def test_folate_equivalents_are_made_of_food_folate_and_folic_acid(own_cache: Path) -> None:
    bring(csv_folder(own_cache, "f", '"1","sr_legacy_food","Moonbread","","x"\n',
                     '"1","1","1187","20"\n"2","1","1186","100"\n"3","1","1177","120"\n'))  # fmt: skip
    assert table.food("fdc/1").nutrients["folate"] == pytest.approx(190)


@pytest.mark.parametrize(
    ("header", "named"),
    [("food_id,x\n1,2\n", "fdc_id"), ("", "fdc_id")],
)
def test_a_bad_header_is_refused_and_names_the_column(
    own_cache: Path, header: str, named: str
) -> None:
    folder = csv_folder(own_cache, "bad", "", "")
    (folder / "food.csv").write_text(header)
    with pytest.raises(CaseError, match=named):
        bring(folder)
    assert table.food("fndds/banana-raw")


@pytest.mark.parametrize("text", ["", "not json", "{}", '{"FoundationFoods": [{"fdcId": 1, "descr'])
def test_a_broken_json_file_is_refused_in_one_line(own_cache: Path, text: str) -> None:
    path = own_cache / "broken.json"
    path.write_text(text)
    with pytest.raises(CaseError) as caught:
        bring(path)
    assert "\n" not in str(caught.value)
    assert table.imports() == []


def test_an_import_that_was_broken_off_goes_on(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stillwell.nutrition.foods import download, fdc_csv

    folder = csv_folder(
        own_cache, "fdc", '"1","foundation_food","Moonfruit","","x"\n"2","foundation_food","Sunfruit","","x"\n',
        "".join(f'"{i}","{1 + i // 50}","{[1090, 1087][i % 2]}","{i}"\n' for i in range(100)),
    )  # fmt: skip
    monkeypatch.setattr(download, "CHUNK", 300)
    monkeypatch.setattr(fdc_csv, "SAVE_EVERY", 1)
    real, count = fdc_csv.named, [0]

    def breaks(value: str) -> str | None:
        count[0] += 1
        if count[0] == 60:
            raise KeyboardInterrupt
        return real(value)

    monkeypatch.setattr(fdc_csv, "named", breaks)
    with pytest.raises(KeyboardInterrupt):
        bring(folder)
    assert table.imports() == []
    said = bring(folder)
    assert any("going on" in line for line in said)
    assert count[0] < 150
    assert table.food("fdc/1").nutrients["magnesium"] == 48
    assert table.food("fdc/2").nutrients["calcium"] == 99


def test_branded_json_is_read_food_by_food(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stillwell.nutrition.foods import fdc_json
    from stillwell.nutrition.foods.search import search_foods

    monkeypatch.setattr(fdc_json, "CHUNK", 64)
    path = own_cache / "branded_2024.json"
    path.write_text(json.dumps({"BrandedFoods": [
        {"fdcId": n, "description": f"MOON BAR {n}", "brandOwner": "LUNAR FOODS", "servingSize": 40.0,
         "servingSizeUnit": "g", "householdServingFullText": "1 bar", "brandedFoodCategory": "Snacks",
         "foodNutrients": [{"nutrient": {"id": 1008, "number": "208"}, "amount": 400.0}]}
        for n in range(500, 520)
    ]}, ensure_ascii=False))  # fmt: skip
    bring(path)
    item = table.food("fdc/507")
    assert item.name == "MOON BAR 507, Lunar Foods"
    assert item.portion_grams == 40
    assert item.nutrients["magnesium"] is None
    assert len(search_foods("moon bar", 30)) == 20
    assert all(f.source != "branded" for f in table.all_foods())


def test_the_survey_databases_own_text_files(own_cache: Path) -> None:
    folder = own_cache / "FNDDS_2017"
    folder.mkdir()
    (folder / "MainFoodDesc.txt").write_text("11000001^1/1/2017^12/31/2018^~Moonmilk~^0^\n")
    (folder / "FNDDSNutVal.txt").write_text(
        "11000001^203^1/1/2017^12/31/2018^3.3^\n11000001^304^1/1/2017^12/31/2018^11^\n"
    )
    (folder / "FoodPortionDesc.txt").write_text("10205^1/1/2017^12/31/2018^~1 cup~^\n")
    (folder / "FoodWeights.txt").write_text("11000001^0^1^10205^1/1/2017^12/31/2018^244^\n")
    bring(folder)
    item = table.food("fndds-code/11000001")
    assert item.nutrients["magnesium"] == 11
    assert item.portion_grams == 244


def test_the_table_at_a_glance(own_cache: Path) -> None:
    import zipfile

    cells = [["FNDDS Nutrient Values"], ["Food code", "Main food description", "Energy (kcal)", "Magnesium\n(mg)"],
             ["11000002", "Moonmilk", 61, 10]]  # fmt: skip
    rows = "".join(
        "<row>" + "".join(
            f"<c><v>{c}</v></c>" if isinstance(c, int) else f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in row
        ) + "</row>"
        for row in cells
    )  # fmt: skip
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    path = own_cache / "glance.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{name}"><sheetData>{rows}</sheetData></worksheet>',
        )
    bring(path)
    assert table.food("fndds-code/11000002").nutrients["magnesium"] == 10
