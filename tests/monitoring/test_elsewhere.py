"""Another deployment's alert rules are held against the contract (6.3) by what they do."""

import shutil
from pathlib import Path

import pytest

from monitoring import elsewhere, rules

OURS = rules.RULES / "inventory.yml"
needs_promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="no promtool: make monitoring-tools")


@pytest.mark.parametrize(
    ("text", "becomes", "told"),
    [
        ("> 0.10", "> 0.20", "InventoryHighErrorRate does not fire: 14% are 5xx"),
        ("> 0.10", "> 0.05", "InventoryHighErrorRate fires: 7% are 5xx"),
        ('status=~"5.."', 'status=~"[45].."', "InventoryHighErrorRate fires: half are 400"),
        ("for: 1m", "for: 10s", "InventoryServiceDown fires within 45 s: it cannot be scraped"),
        ("severity: critical", "severity: warning", "InventoryServiceDown does not fire as critical: it cannot be scr"),
        ("InventoryHighLatency", "HighLatency", "InventoryHighLatency does not fire: 10% take longer"),
        ("p95_rate5m > 2", "p95_rate5m > 0.9", "InventoryHighLatency fires: all take longer, and none over 2 s"),
        ("histogram_quantile(0.95", "histogram_quantile(0.99", "InventoryDatabaseIssues fires: 2% take longer"),
        ("> 0.05", "> 0.09", "InventoryDatabaseIssues does not fire: 8% of the queries fail"),
        ("p95_rate2m > 5", "p95_rate2m > 10", "InventoryDatabaseIssues does not fire: 10% take longer"),
        ("< 0.7", "< 0.9", "InventoryCacheProblems fires: 80% hits"),
        ("for: 10m", "for: 5m", "InventoryCacheProblems fires within 585 s: 60% hits"),
        ("p95_rate5m > 1\n", "p95_rate5m > 3\n", "InventoryBalanceCalculationSlow does not fire: 10% take longer"),
    ],
)  # fmt: skip
@needs_promtool
def test_a_broken_rule_is_told(
    text: str, becomes: str, told: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    troubles = [one for one in elsewhere.troubles() if one.alert == told.split()[0]]
    monkeypatch.setattr(elsewhere, "troubles", lambda: troubles)
    good = OURS.read_text(encoding="utf-8")
    assert text in good
    file = tmp_path / "their rules.yml"
    file.write_text(good.replace(text, becomes), encoding="utf-8")
    assert elsewhere.main([str(file)]) == 1
    assert f"[6.3 S] {told}" in capsys.readouterr().out


@needs_promtool
def test_good_rules_of_other_names_are_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = OURS.read_text(encoding="utf-8")
    for ours, theirs in {"inventory_": "shop_", "inventory-service": "shop", '"hit"': '"found"'}.items():
        text = text.replace(ours, theirs)
    file = tmp_path / "rules.yml"
    file.write_text(text, encoding="utf-8")
    assert elsewhere.main([str(OURS)]) == 0
    assert elsewhere.main([str(file), "--prefix", "shop_", "--job", "shop", "--word", "hit=found"]) == 0
    assert capsys.readouterr().out == 2 * "20 troubles were told, 0 of them wrongly\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no.yml"], "error: there is no file no.yml\n"),
        ([str(OURS), "--word", "hit"], "error: a --word reads OURS=THEI"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert elsewhere.main(arguments) == 2
    assert capsys.readouterr().err.startswith(words)


@needs_promtool
def test_what_is_no_rule_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "rules.yml"
    file.write_text("groups: 7\n", encoding="utf-8")
    assert elsewhere.main([str(file)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("error: promtool cannot read these rules: ")
    assert told.err.count("\n") == 1
